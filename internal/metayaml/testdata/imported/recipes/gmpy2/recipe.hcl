package "gmpy2" {
  summary   = "Python interface to GMP/MPIR, MPFR, and MPC"
  license   = "LGPL-3.0-or-later"
  homepage  = "https://github.com/gmpy2/gmpy2"
  top_level = ["gmpy2"]

  version "2.3.0" {
    sha256 = "2d943cc9051fcd6b15b2a09369e2f7e18c526bc04c210782e4da61b62495eb4a"
  }

  source {
    pypi {}
  }

  build {
    uses = ["libmpc"]
  }
}
