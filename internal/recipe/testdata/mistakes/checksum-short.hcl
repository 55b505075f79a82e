package "demo" {
  version "1.0" {
    sha256 = "abab" # ERROR: Invalid sha256 @ "abab"
  }
  source {
    pypi {}
  }
}
