package "kiwisolver" {
  summary  = "The Cassowary constraint solver in C++"
  license  = "BSD-3-Clause"
  homepage = "https://github.com/nucleic/kiwi"
  tags     = ["catalogue"]

  version "1.4.7" {
    sha256 = "9893ff81bd7107f7b685d3017cc6583daadb4fc26e4a888350df530e41980a60"
  }

  source {
    pypi {}
  }

  build {
    extensions = ["kiwisolver/_cext*.so"]
  }

  test {
    imports  = ["kiwisolver"]
    commands = ["import kiwisolver as k; x, y = k.Variable('x'), k.Variable('y'); s = k.Solver(); s.addConstraint(x + y == 10); s.addConstraint(x == 2 * y + 1); s.updateVariables(); assert abs(x.value() - 7) < 1e-9 and abs(y.value() - 3) < 1e-9"]
  }
}
