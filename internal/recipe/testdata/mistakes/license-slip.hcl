package "demo" {
  license = "bsd-3-clause" # ERROR: Invalid license @ "bsd-3-clause"
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
