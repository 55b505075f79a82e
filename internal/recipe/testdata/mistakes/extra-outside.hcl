package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    extras = { "../site.cfg" = "site.cfg" } # ERROR: Invalid extras @ "site.cfg"
    pypi {}
  }
}
