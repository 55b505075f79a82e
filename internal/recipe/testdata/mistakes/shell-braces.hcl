package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    before = "cp ${PREFIX}/a b" # ERROR: Unknown variable @ PREFIX
  }
}
