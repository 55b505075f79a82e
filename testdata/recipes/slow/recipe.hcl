# Compiles for a while: for tests that end it in the middle.
package "slow" {
  summary = "An extension module that takes its time"
  license = "Apache-2.0"
  tags    = ["good"]

  version "1.0" {}

  source {
    path {
      path = "source"
    }
  }

  build {
    requires   = ["setuptools==65.5.0", "wheel==0.37.1"]
    extensions = ["slow*.so"]
  }

  test {
    imports  = ["slow"]
    commands = ["import slow; assert slow.answer() == 42"]
  }
}
