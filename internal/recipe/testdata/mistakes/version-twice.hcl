package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  version "1.0.0" { # ERROR: Duplicate version @ version "1.0.0"
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
