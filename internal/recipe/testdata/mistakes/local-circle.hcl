package "demo" {
  locals {
    major = local.minor # ERROR: Variables in a circle @ local.minor
    minor = "${local.major}.1"
  }
  summary = local.minor
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
