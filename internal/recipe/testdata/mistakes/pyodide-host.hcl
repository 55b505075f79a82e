package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    host = ["libyaml"] # ERROR: Unknown attribute @ host
  }
}
