package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  test {
    imports = ["import demo"] # ERROR: Invalid imports @ "import demo"
  }
}
