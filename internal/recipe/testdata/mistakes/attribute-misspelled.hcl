package "demo" {
  licence = "MIT" # ERROR: Unknown attribute @ licence
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
