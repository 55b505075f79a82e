package "demo" {
  version "1.0-rc1" { # ERROR: Invalid version @ "1.0-rc1"
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
