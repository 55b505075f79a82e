# Tries to fetch something while it is built.
package "online" {
  summary = "A package whose setup.py reaches for the network"
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
    imports = ["online"]
  }
}
