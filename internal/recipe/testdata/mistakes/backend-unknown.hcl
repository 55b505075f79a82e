package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    backend = "meson" # ERROR: Invalid backend @ "meson"
  }
}
