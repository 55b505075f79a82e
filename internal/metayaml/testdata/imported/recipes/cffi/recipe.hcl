# build.cross-build-env: true (dependants compile against it: if they need files of the target's, name these in build.exports)
package "cffi" {
  summary   = "Foreign Function Interface for Python calling C code."
  license   = "MIT"
  homepage  = "http://cffi.readthedocs.org"
  tags      = ["core", "cross-build"]
  top_level = ["cffi"]
  requires  = ["pycparser"]

  version "2.0.0" {
    sha256 = "44d1b5909021139fe36001ae048dbdde8214afa20200eda0f64c068cac5d5529"
  }

  source {
    pypi {}
  }

  build {
    before = "pkg-config --exists libffi"
  }
}
