# Looks at what it meets by chance, and writes none of it into its wheel.
package "clean" {
  summary = "An extension module that is the same each time"
  license = "Apache-2.0"

  version "1.0" {}

  source {
    path {
      path = "src"
    }
  }

  build {
    requires   = ["setuptools==65.5.0", "wheel==0.37.1"]
    extensions = ["clean*.so"]
  }

  test {
    imports = ["clean"]
  }
}
