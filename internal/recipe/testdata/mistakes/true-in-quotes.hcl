package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {
      wheel = "yes" # ERROR: Wrong type @ "yes"
    }
  }
}
