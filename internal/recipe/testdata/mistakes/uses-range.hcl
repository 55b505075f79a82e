package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    uses = ["numpy>=1.21"] # ERROR: Invalid uses @ "numpy>=1.21"
  }
}
