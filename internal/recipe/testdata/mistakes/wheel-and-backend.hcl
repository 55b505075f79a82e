package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {
      wheel = true
    }
  }
  build {
    backend = "setuptools" # ERROR: Contradiction @ "setuptools"
  }
}
