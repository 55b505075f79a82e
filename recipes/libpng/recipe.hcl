library "libpng" {
  summary  = "PNG images"
  license  = "libpng-2.0"
  homepage = "http://www.libpng.org"
  tags     = ["catalogue"]

  version "1.6.39" {
    sha256 = "a00e9d2f2f664186e4202db9299397f851aea71b36a35e74910b8820e380d441"
  }

  source {
    url {
      url     = "https://github.com/pnggroup/libpng/archive/refs/tags/v${version}.tar.gz"
      mirrors = ["debian:pool/main/libp/libpng1.6/libpng1.6_${version}.orig.tar.gz"]
    }
  }

  build {
    uses          = ["zlib"]
    cflags        = ["-O2", "-fPIC"]
    script        = <<-EOT
      export CPPFLAGS="$CFLAGS" # its configuration is made of zlib's header
      ./configure --host=${target.triple} --prefix=$PREFIX --disable-shared --disable-tools --disable-tests --enable-arm-neon=api
      make install
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE"]
  }
}
