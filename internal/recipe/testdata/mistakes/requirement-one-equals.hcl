package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    requires = ["Cython=0.29.36"] # ERROR: Invalid requires @ "Cython=0.29.36"
  }
}
