# A library that is built with a program from the package index, and one of Debian's.
library "ccalc" {
  version "1.0" {
    sha256 = "7777777777777777777777777777777777777777777777777777777777777777"
  }

  source {
    url {
      url = "debian:pool/main/c/ccalc/ccalc_${version}.orig.tar.gz"
    }
  }

  build {
    requires    = ["cmake==3.31.6"]
    executables = ["perl"]
    script      = "cmake -B out"
    exports     = ["lib/*.a"]
  }
}
