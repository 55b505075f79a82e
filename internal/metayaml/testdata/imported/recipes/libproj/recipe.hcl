library "libproj" {
  license  = "MIT"
  homepage = "https://proj.org"
  tags     = ["cmake"]

  version "9.6.2" {
    sha256 = "53d0cafaee3bb2390264a38668ed31d90787de05e71378ad7a8f35bb34c575d1"
  }

  source {
    url {
      url = "https://download.osgeo.org/proj/proj-${version}.tar.gz"
    }
  }

  build {
    executables = ["sqlite3"]
    uses        = ["libtiff"]
    script      = <<-EOT
      cmake -DTIFF_LIBRARY=/crosswheel/libs/libtiff/lib/libtiff.a -DCMAKE_INSTALL_PREFIX=$PREFIX .
      make install
    EOT
    # All of it. Name less where dependants need less.
    exports = ["include/**", "lib/**"]
    linkage = "shared"
  }
}
