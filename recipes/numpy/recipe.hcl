package "numpy" {
  summary  = "Fundamental package for array computing"
  license  = "BSD-3-Clause"
  homepage = "https://numpy.org"
  tags     = ["core"]

  version "1.24.0" {
    sha256 = "c4ab7c9711fe6b235e86487ca74c1b092a6dd59a3cb45b63241ea0a148501853"

    needs {
      python = "< 3.12" # it is built with the distutils of the standard library
    }
  }

  version "1.26.4" {
    tags   = ["large"]
    sha256 = "2a02aba9ed12e4ac4eb3ea9421c420301a0c6460d9830d74a9df87efa4912010"
    needs {
      gcc    = ">= 8.4"
      python = ">= 3.9, < 3.13"
    }
    build {
      requires        = ["Cython>=3.0.6,<3.1", "meson-python>=0.15.0,<0.16.0", "ninja"]
      env             = {}
      config_settings = { "setup-args" = ["-Dallow-noblas=true", "-Dblas=none", "-Dlapack=none"] } # its own loops, as above
      post            = "sed -i 's,/crosswheel/env/bin/,,' numpy/__config__.py"                    # which says what it was built with
    }
  }

  # For the Pythons that those above do not know.
  version "2.1.3" {
    tags   = ["large"]
    sha256 = "aa08e04e08aaf974d4458def539dece0d28146d866a39da5639596f4921fd761"
    needs {
      gcc    = ">= 9.3"
      python = ">= 3.12, < 3.14"
    }
    build {
      requires        = ["Cython>=3.0.6,<3.1", "meson-python>=0.15.0,<0.18", "ninja"]
      env             = {}
      config_settings = { "setup-args" = ["-Dallow-noblas=true", "-Dblas=none", "-Dlapack=none"] }
      post            = "sed -i 's,/crosswheel/env/bin/,,' numpy/__config__.py"
      extensions      = ["numpy/_core/_multiarray_umath*.so", "numpy/linalg/_umath_linalg*.so", "numpy/fft/_pocketfft_umath*.so", "numpy/random/mtrand*.so"]
      exports         = ["numpy/_core/include/**", "numpy/_core/lib/**", "numpy/random/lib/**"]
    }
  }

  source {
    pypi {}
  }

  build {
    requires   = ["Cython>=0.29.30,<3.0", "setuptools==59.2.0", "wheel==0.37.0"]
    env        = { NPY_BLAS_ORDER = "", NPY_LAPACK_ORDER = "", NPY_DISABLE_SVML = "1" } # its own loops: no BLAS is on the robot
    extensions = ["numpy/core/_multiarray_umath*.so", "numpy/linalg/_umath_linalg*.so", "numpy/fft/_pocketfft_internal*.so", "numpy/random/mtrand*.so"]
    native     = "wheel" # dependants ask it where its headers are
    # Headers alone are not enough: what links one of these archives in its native form fails with luck, and is wrong without.
    exports = ["numpy/core/include/**", "numpy/core/lib/**", "numpy/random/lib/**"]
  }

  test {
    imports = ["numpy", "numpy.linalg", "numpy.fft", "numpy.random"]
    commands = [
      "import numpy as np; a = np.arange(12.0).reshape(3, 4); assert (a @ a.T)[2, 2] == 366; assert np.intp(0).nbytes == 4",
      "import numpy as np; assert np.allclose(np.linalg.inv([[2.0, 0], [0, 4]]), [[0.5, 0], [0, 0.25]]); assert abs(np.fft.ifft(np.fft.fft([1, 2, 3]))[1] - 2) < 1e-9",
    ]
  }
}
