# For the stable ABI: its wheel has one name on all targets, and on each other bytes.
package "stable" {
  summary = "An extension module for every Python from 3.6 on"
  license = "Apache-2.0"
  tags    = ["good"]

  version "1.0" {}

  source {
    path {
      path = "source"
    }
  }

  build {
    requires   = ["setuptools==75.3.0"]
    extensions = ["stable.abi3.so"]
  }

  test {
    imports  = ["stable"]
    commands = ["import stable; assert stable.answer() == 42"]
  }
}
