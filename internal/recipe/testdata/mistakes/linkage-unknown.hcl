library "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    url {
      url = "https://example.org/demo.tar.gz"
    }
  }
  build {
    script  = "make"
    exports = ["lib/*.so"]
    linkage = "dynamic" # ERROR: Invalid linkage @ "dynamic"
  }
}
