package "demo" {
  homepage = "example.org"    # ERROR: Invalid homepage @ "example.org"
  tags     = ["core", "Big One"] # ERROR: Invalid tags @ "Big One"
  version "1.0" { sha256 = "12ab" } # ERROR: Invalid sha256 @ "12ab"
  version "1.1" { sha256 = "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB" } # ERROR: Invalid sha256 @ "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB"
  source {
    pypi {}
  }
  build {
    backend    = "setuptoolz"          # ERROR: Invalid backend @ "setuptoolz"
    env        = { "A-B" = "1" }       # ERROR: Invalid env @ "1"
    exports    = ["/usr/include/**"]   # ERROR: Invalid exports @ "/usr/include/**"
    extensions = ["demo/_[ab.so"]      # ERROR: Invalid extensions @ "demo/_[ab.so"
    uses       = ["numpy>=1.24"]       # ERROR: Invalid uses @ "numpy>=1.24"
  }
  test {
    imports = ["import demo"] # ERROR: Invalid imports @ "import demo"
  }
}
