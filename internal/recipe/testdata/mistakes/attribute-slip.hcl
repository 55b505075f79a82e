package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    requries = ["wheel"] # ERROR: Unknown attribute @ requries
  }
}
