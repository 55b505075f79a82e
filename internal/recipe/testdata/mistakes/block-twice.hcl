package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    cflags = ["-O2"]
  }
  build { # ERROR: Duplicate block @ build
    ldflags = ["-s"]
  }
  test {
    imports = ["demo"]
  }
}
