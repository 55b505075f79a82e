package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    backend-flags = "-Dblas=none" # ERROR: Unknown attribute @ backend-flags
  }
}
