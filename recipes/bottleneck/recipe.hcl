package "Bottleneck" {
  summary  = "Fast array functions on top of NumPy"
  license  = "BSD-2-Clause"
  homepage = "https://github.com/pydata/bottleneck"
  tags     = ["small"]

  version "1.3.7" {
    sha256 = "e1467e373ad469da340ed0ff283214d6531cc08bfdca2083361a3aa6470681f8"
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools", "versioneer", "wheel", "numpy==1.24.0"]
    uses       = ["numpy==1.24.0"]
    extensions = ["bottleneck/move*.so", "bottleneck/nonreduce*.so", "bottleneck/reduce*.so"]
  }

  test {
    imports  = ["bottleneck"]
    commands = ["import bottleneck as bn, numpy as np; assert bn.nanmean(np.array([1, np.nan, 3])) == 2; assert bn.move_sum(np.arange(4.0), 2)[3] == 5"]
  }
}
