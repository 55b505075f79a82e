package "demo" {
  version "1.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  version "1.1" {
    sha256 = "abababababababababababababababababababababababababababababababab"
    source { strip = -1 } # ERROR: Wrong type @ -1
  }
  source {
    pypi {}
    strip = 1.5 # ERROR: Wrong type @ 1.5
  }
}
