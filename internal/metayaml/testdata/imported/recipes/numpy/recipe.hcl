package "numpy" {
  summary     = "NumPy is the fundamental package for array computing with Python."
  license     = "BSD-3-Clause"
  homepage    = "https://www.numpy.org"
  tags        = ["cross-build", "min-scipy-stack"]
  maintainers = ["agriyakhetarpal"]
  top_level   = ["numpy"]

  version "2.4.6" {
    sha256 = "f3a3570c4a2a16746ac2c31a7c7c7b0c186b95ce902e33db6f28094ed7387dda"
  }

  source {
    pypi {}
  }

  build {
    cflags = ["-Wno-return-type"]
    config_settings = {
      "build-dir"    = "build"
      "install-args" = "--tags=runtime,python-runtime,devel"
      "setup-args"   = "-Dallow-noblas=true"
    }
    # A leftover of the build.
    post = "rm -rf numpy/distutils/__pycache__"
    exports = [
      "numpy/_core/include/numpy/numpyconfig.h",
      "numpy/_core/include/numpy/_numpyconfig.h",
      "numpy/_core/lib/libnpymath.a",
      "numpy/random/lib/libnpyrandom.a",
    ]
  }
}
