# Only the source says that it is not for every Python.
package "modern" {
  summary = "A module that old Pythons do not understand"
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
  }

  test {
    imports = ["modern"]
  }
}
