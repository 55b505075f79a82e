package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab" # ERROR: Unexpected sha256 @ "abababababababababababababababababababababababababababababababab"
  }
  source {
    git {
      url    = "https://git.example.org/demo.git"
      commit = "2c891fc7a770e8ba2fec34fc6b545c672beb37e6"
    }
  }
}
