package "demo" {
  summary = "A demo # ERROR: Quotes not closed
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
