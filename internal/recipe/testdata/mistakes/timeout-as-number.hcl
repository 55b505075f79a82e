package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    timeout = 90 # ERROR: Wrong type @ 90
  }
}
