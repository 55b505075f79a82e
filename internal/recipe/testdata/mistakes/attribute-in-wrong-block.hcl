package "demo" {
  cflags = ["-O2"] # ERROR: Unknown attribute @ cflags
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
