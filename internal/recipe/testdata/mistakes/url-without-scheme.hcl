package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    url {
      url = "example.org/demo.tar.gz" # ERROR: Invalid url @ "example.org/demo.tar.gz"
    }
  }
}
