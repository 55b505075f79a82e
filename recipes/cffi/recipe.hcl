package "cffi" {
  summary  = "Calling C code from Python"
  license  = "MIT"
  homepage = "https://cffi.readthedocs.io"
  tags     = ["core"]

  version "1.16.0" {
    sha256 = "bcb3ef43e58665bbda2fb198698fcae6776483e0c4a631aa5647806c25e02cc0"

    needs {
      python = "< 3.13" # it uses what 3.13 keeps to itself
    }
  }

  # Knows Python 3.13, and newer packages ask for it.
  version "1.17.1" {
    tags   = [target.python == "3.13" ? "core" : "catalogue"]
    sha256 = "1c39c6016c32bc48dd54561950ebd6836e1670f2ae46128f67cf49e789c52824"
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools >= 66.1", "wheel"]
    extensions = ["_cffi_backend*.so"]
  }

  test {
    imports  = ["cffi", "_cffi_backend"]
    commands = ["import cffi; ffi = cffi.FFI(); ffi.cdef('int abs(int);'); assert ffi.dlopen(None).abs(-3) == 3"]
  }
}
