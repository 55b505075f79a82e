package "Bottleneck" {
  summary     = "Fast NumPy array functions written in C"
  license     = "BSD-2-Clause"
  homepage    = "https://github.com/pydata/bottleneck"
  maintainers = ["juntyr"]
  top_level   = ["bottleneck"]
  requires    = ["numpy"]

  version "1.6.0" {
    sha256 = "028d46ee4b025ad9ab4d79924113816f825f62b17b87c9e1d0d8ce144a4a0e31"
  }

  source {
    pypi {}
  }

  build {
    uses = ["numpy"]
  }
}
