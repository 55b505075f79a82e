package "scikit-learn" {
  summary     = "A set of python modules for machine learning and data mining"
  license     = "BSD-3-Clause"
  homepage    = "http://scikit-learn.org"
  tags        = ["min-scipy-stack"]
  maintainers = ["lesteve"]
  top_level   = ["sklearn"]
  requires    = ["scipy", "joblib", "threadpoolctl"]

  version "1.8.0" {
    sha256 = "9bccbb3b40e3de10351f8f5068e105d0f4083b1a65fa07b6634fbc401a6287fd"
  }

  source {
    pypi {}
  }

  build {
    uses   = ["numpy", "scipy"]
    cflags = ["-Wno-implicit-function-declaration"]
  }

  test {
    imports = ["sklearn", "sklearn.calibration", "sklearn.cluster", "sklearn.compose", "sklearn.covariance"]
  }
}
