package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    env { # ERROR: Unknown block @ env
      DEBUG = "1"
    }
  }
}
