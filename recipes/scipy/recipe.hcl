package "scipy" {
  summary  = "Algorithms for scientific computing, with OpenBLAS in it"
  license  = "BSD-3-Clause"
  homepage = "https://scipy.org"
  tags     = ["catalogue", "large"]

  version "1.10.1" {
    sha256   = "2cf9dfb80a7b4589ba4c40ce7588986d6d5cebc5457cad2c2880f6bc2d42f3a5"
    disabled = contains(["3.12", "3.13"], target.python) ? "it does not know Python ${target.python}" : null
  }

  source {
    patches = ["reproducible.patch"] # pythran tells the hour, and data for tests lie in the order of a folder

    pypi {}
  }

  build {
    backend         = "meson-python"
    requires        = ["meson-python>=0.11.0,<0.13.0", "Cython>=0.29.32,<3.0", "pybind11==2.10.1", "pythran>=0.12.0,<0.13.0", "wheel<0.39.0", "numpy==1.24.0", "ninja==1.11.1"]
    uses            = ["numpy==1.24.0", "openblas"]
    config_settings = { "setup-args" = ["-Dblas=openblas", "-Dlapack=openblas"] }
    extensions      = ["scipy/linalg/_flapack*.so", "scipy/linalg/_fblas*.so", "scipy/optimize/_lbfgsb*.so", "scipy/stats/_stats*.so", "scipy/sparse/_sparsetools*.so", "scipy/fft/_pocketfft/pypocketfft*.so"]
    memory          = "3GB"
    post            = "sed -i \"s,$CROSSWHEEL_BUILD/,,g; s,/crosswheel/,,g\" scipy/__config__.py scipy/special/*.pyx" # which say where they were made
  }

  test {
    imports = ["scipy", "scipy.linalg", "scipy.optimize", "scipy.stats", "scipy.signal"]
    commands = [
      "import numpy as np, scipy.linalg as l; a = np.array([[4.0, 1], [1, 3]]); assert np.allclose(l.cholesky(a).T @ l.cholesky(a), a); assert np.allclose(l.eigvalsh(a).sum(), 7)",
      "from scipy.optimize import minimize; assert abs(minimize(lambda x: (x[0] - 3) ** 2, [0.0], method='L-BFGS-B').x[0] - 3) < 1e-4",
      "from scipy import stats; assert abs(stats.norm.cdf(1.96) - 0.975) < 1e-4",
    ]
  }
}
