package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    script = "make wheel"
    before = "make clean" # ERROR: Contradiction @ "make clean"
  }
}
