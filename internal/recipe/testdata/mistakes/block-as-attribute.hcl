package "demo" {
  needs = { gcc = ">= 8" } # ERROR: Unknown attribute @ needs
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
