package "demo" {
  summary = "One"
  summary = "Two" # ERROR: Attribute redefined @ summary
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
