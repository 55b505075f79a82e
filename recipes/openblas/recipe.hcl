# Four cores with NEON: what a Raspberry Pi 3 has. Debian's own is built for a processor without NEON.
library "openblas" {
  summary  = "Linear algebra, tuned for the processor"
  license  = "BSD-3-Clause"
  homepage = "https://www.openblas.net"
  tags     = ["catalogue", "large"]

  version "0.3.29" {
    sha256 = "eb691e2cff83799400da22aa6ab93ebaa346ad317fea578b7ae119e226ce1b01"
  }

  source {
    url {
      url = "debian:pool/main/o/openblas/openblas_${version}+ds.orig.tar.xz"
    }
  }

  build {
    uses          = ["lapack"]
    executables   = ["gcc"] # it asks a program of its own what it is built for
    script        = <<-EOT
      options="TARGET=ARMV7 BINARY=32 CROSS=1 HOSTCC=gcc CC=$CC FC=$FC AR=$AR RANLIB=$RANLIB NUM_THREADS=4 USE_OPENMP=0 NO_SHARED=1 NO_LAPACKE=1 NO_TEST=1"
      make $options COMMON_OPT="-O2 -fPIC" libs
      make $options NO_LAPACK=1 PREFIX=$PREFIX install
      cat >$PREFIX/lib/pkgconfig/openblas.pc <<EOF
      Name: openblas
      Description: BLAS and LAPACK
      Version: ${version}
      Libs: -L$PREFIX/lib -lopenblas -L$PREFIX/../lapack/lib -llapack -lgfortran -lpthread -lm
      Cflags: -I$PREFIX/include
      EOF
    EOT
    exports       = ["include/**", "lib/*.a", "lib/pkgconfig/**"]
    license_files = ["LICENSE"]
  }
}
