package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    uses = ["demo"] # ERROR: Dependency cycle @ "demo"
  }
}
