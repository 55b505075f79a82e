# For the stable ABI, and for a new C library, of which no tag says anything.
package "fresh" {
  summary = "An extension module that asks for randomness"
  license = "Apache-2.0"
  tags    = ["good"]

  version "1.0" {
    needs {
      glibc = ">= 2.36"
    }
  }

  source {
    path {
      path = "source"
    }
  }

  build {
    requires   = ["setuptools==75.3.0"]
    extensions = ["fresh.abi3.so"]
  }

  test {
    imports  = ["fresh"]
    commands = ["import fresh; assert fresh.answer() == 42"]
  }
}
