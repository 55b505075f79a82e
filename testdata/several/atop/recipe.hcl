# What uses something that is not for a target is not for it either.
package "atop" {
  summary = "A module that uses another"
  license = "Apache-2.0"
  tags    = ["good"]

  version "1.0" {}

  source {
    path {
      path = "source"
    }
  }

  build {
    requires = ["setuptools==75.3.0"]
    uses     = ["modern"]
  }

  test {
    imports = ["atop"]
  }
}
