package "demo" {
  version "1.0" { # ERROR: No source @ version "1.0"
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
}
