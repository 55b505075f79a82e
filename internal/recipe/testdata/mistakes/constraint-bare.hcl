package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  needs {
    gcc = "8.4" # ERROR: Invalid gcc @ "8.4"
  }
  source {
    pypi {}
  }
}
