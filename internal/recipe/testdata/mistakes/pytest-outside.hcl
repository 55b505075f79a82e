package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  test {
    pytest = ["/tests", "-q"] # ERROR: Invalid pytest @ "/tests"
  }
}
