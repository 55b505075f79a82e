library "libmpfr" {
  license  = "LGPL-3.0-or-later"
  homepage = "https://www.mpfr.org/"

  version "4.2.1" {
    sha256 = "277807353a6726978996945af13e52829e3abd7a9a5b7fb2793894e18f1fcbb2"
  }

  source {
    github {
      owner = "ryanking13"
      repo  = "lib-mirror"
      tag   = "1.0.0"
      asset = "mpfr-${version}.tar.xz"
    }
  }

  build {
    uses   = ["libgmp"]
    script = <<-EOT
      ./configure --host=${target.triple} CFLAGS="-fPIC " \
        --disable-shared --with-gmp="/crosswheel/libs/libgmp" --prefix=$PREFIX
      make
      make install
    EOT
    # All of it. Name less where dependants need less.
    exports = ["include/**", "lib/**"]
  }
}
