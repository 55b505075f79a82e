# Fails to compile, on purpose.
package "broken" {
  summary = "An extension module with a mistake in it"
  license = "Apache-2.0"

  version "1.0" {}

  source {
    path {
      path = "source"
    }
  }

  build {
    requires = ["setuptools==65.5.0", "wheel==0.37.1"]
  }

  test {
    imports = ["broken"]
  }
}
