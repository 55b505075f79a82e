package "demo" { # ERROR: Unclosed configuration block @ {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
