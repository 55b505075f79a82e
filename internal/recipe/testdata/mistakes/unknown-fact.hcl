package "demo" {
  disabled = target.pyhton == "3.13" ? "no" : null # ERROR: Unknown fact @ .pyhton
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
