package "demo" {
  summary = uper(name) # ERROR: Call to unknown function
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
