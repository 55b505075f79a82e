library "libgeos" {
  license  = "LGPL-2.1-only"
  homepage = "https://libgeos.org/"

  version "3.12.1" {
    sha256 = "d6ea7e492224b51193e8244fe3ec17c4d44d0777f3c32ca4fb171140549a0d03"
  }

  source {
    github {
      owner = "libgeos"
      repo  = "geos"
      tag   = "${version}"
      asset = "geos-${version}.tar.bz2"
    }
  }

  build {
    script = <<-EOT
      LDFLAGS=" " cmake -DBUILD_TESTING=OFF -DCMAKE_C_FLAGS=-fPIC \
        -DCMAKE_INSTALL_PREFIX=$PREFIX ./
      make install
    EOT
    # All of it. Name less where dependants need less.
    exports = ["include/**", "lib/**"]
    linkage = "shared"
  }
}
