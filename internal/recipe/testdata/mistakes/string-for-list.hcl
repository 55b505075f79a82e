package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    requires = "wheel" # ERROR: Wrong type @ "wheel"
  }
}
