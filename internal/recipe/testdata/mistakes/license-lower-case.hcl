package "demo" {
  license = "MIT or BSD-3-Clause" # ERROR: Invalid license @ "MIT or BSD-3-Clause"
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
}
