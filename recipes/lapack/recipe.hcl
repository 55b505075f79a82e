# What OpenBLAS has not got in a form of its own. Its sources come without it in Debian's archive.
library "lapack" {
  summary  = "Linear algebra in Fortran, the reference implementation"
  license  = "BSD-3-Clause-Open-MPI"
  homepage = "https://netlib.org/lapack"
  tags     = ["catalogue", "large"]

  version "3.12.1" {
    sha256 = "2ca6407a001a474d4d4d35f3a61550156050c48016d949f0da0529c0aa052422"
  }

  source {
    url {
      url     = "https://github.com/Reference-LAPACK/lapack/archive/refs/tags/v${version}.tar.gz"
      mirrors = ["debian:pool/main/l/lapack/lapack_${version}.orig.tar.gz"]
    }
  }

  build {
    script        = <<-EOT
      mkdir -p $PREFIX/lib
      cat >make.inc <<EOF
      SHELL = /bin/sh
      FC = $FC
      FFLAGS = -O2 -frecursive -fPIC
      FFLAGS_DRV = -O2 -frecursive -fPIC
      FFLAGS_NOOPT = -O0 -frecursive -fPIC
      AR = $AR
      ARFLAGS = cr
      RANLIB = $RANLIB
      TIMER = INT_ETIME
      BUILD_DEPRECATED = Yes
      LAPACKLIB = $PREFIX/lib/liblapack.a
      EOF
      make -C SRC
    EOT
    exports       = ["lib/*.a"]
    license_files = ["LICENSE"]
  }
}
