package "demo" {
  summary = 42 # ERROR: Wrong type @ 42
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
