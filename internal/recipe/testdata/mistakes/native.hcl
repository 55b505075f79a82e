package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    native = true # ERROR: Unknown attribute @ native
  }
}
