# Runs while others are built, and is on no package index.
package "generator" {
  summary   = "Writes extension modules"
  license   = "MIT"
  top_level = ["generator"]
  requires  = ["six"]

  version "1.0" {}

  source {
    path {
      path = "source"
    }
  }

  build {
    requires   = ["setuptools==65.5.0", "wheel==0.37.1"]
    native     = "build"
    extensions = ["_generator*.so"]
  }

  test {
    commands = ["import generator; assert generator.LONG == 4"]
  }
}
