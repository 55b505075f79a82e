package "demo" {
  license = "Apache 2.0" # ERROR: Invalid license @ "Apache 2.0"
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
