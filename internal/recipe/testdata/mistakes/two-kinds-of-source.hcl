package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
    url { # ERROR: Two sources @ url
      url = "https://example.org/demo.tar.gz"
    }
  }
}
