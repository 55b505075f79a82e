# pybind11 with setuptools, which fetches it by itself where it is let: it is named here.
package "pyclothoids" {
  summary = "Clothoid curves in C++"
  license = "MIT"
  tags    = ["backend-sample"]

  version "0.2.0" {
    sha256 = "47abbd123e14120c199078b760e51b633f8c067ad8189619bf97884608a3d08a"
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools==78.1.0", "wheel==0.45.1", "pybind11==2.13.6"]
    extensions = ["pyclothoids/_clothoids_cpp*.so"]
  }

  test {
    imports  = ["pyclothoids"]
    commands = ["from pyclothoids import Clothoid; c = Clothoid.G1Hermite(0, 0, 0, 10, 0, 0); assert abs(c.length - 10) < 1e-6, c.length"]
  }
}
