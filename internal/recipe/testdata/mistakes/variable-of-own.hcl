package "demo" {
  summary = "A demo of ${author}" # ERROR: Unknown variable @ author
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
