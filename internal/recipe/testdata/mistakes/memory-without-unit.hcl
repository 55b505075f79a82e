package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    memory = "2" # ERROR: Wrong type @ "2"
  }
}
