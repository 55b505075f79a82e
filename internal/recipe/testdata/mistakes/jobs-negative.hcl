package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    jobs = -1 # ERROR: Wrong type @ -1
  }
}
