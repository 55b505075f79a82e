package "soxr" {
  summary     = "High quality, one-dimensional sample-rate conversion library"
  license     = "LGPL-2.0-or-later"
  homepage    = "https://github.com/dofuuz/python-soxr"
  maintainers = ["swnf"]
  top_level   = ["soxr"]
  requires    = ["numpy"]
  pinned      = "Pyodide has it pinned, and does not say why"

  version "0.5.0.post1" {
    sha256 = "7092b9f3e8a416044e1fa138c8172520757179763b85dc53aa9504f4813cff73"
  }

  source {
    pypi {}
    patches = ["patches/0001-Fix-function-signatures.patch"]
  }

  build {
    constraints = ["nanobind < 2.10"]
  }

  test {
    imports = ["soxr"]
  }
}
