package "demo" {
  version "latest" { # ERROR: Invalid version @ "latest"
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
