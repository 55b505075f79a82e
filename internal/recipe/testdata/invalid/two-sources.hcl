package "demo" {
  version "1.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  source {
    pypi {}
    url { url = "https://example.org/demo.tar.gz" } # ERROR: Two sources @ url
  }
  source { strip = 0 } # ERROR: Duplicate block @ source
}
