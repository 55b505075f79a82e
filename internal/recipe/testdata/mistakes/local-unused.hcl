package "demo" {
  locals {
    flags = ["-O2"] # ERROR: Unused variable @ flags
    level = "3"
  }
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    cflags = ["-O${local.level}"]
  }
}
