library "bzip2" {
  summary  = "Block-sorting compression"
  license  = "bzip2-1.0.6"
  homepage = "https://sourceware.org/bzip2"
  tags     = ["catalogue"]

  version "1.0.8" {
    sha256 = "ab5a03176ee106d3f0fa90e381da478ddae405918153cca248e682cd0c4a2269"
  }

  source {
    url {
      url     = "https://sourceware.org/pub/bzip2/bzip2-${version}.tar.gz"
      mirrors = ["debian:pool/main/b/bzip2/bzip2_${version}.orig.tar.gz"]
    }
  }

  build {
    # Its Makefile knows neither cross compilers nor pkg-config.
    script        = <<-EOT
      mkdir -p $PREFIX/include $PREFIX/lib/pkgconfig
      make libbz2.a CC="$CC" AR="$AR" RANLIB="$RANLIB" CFLAGS="-O2 -fPIC -D_FILE_OFFSET_BITS=64"
      cp bzlib.h $PREFIX/include
      cp libbz2.a $PREFIX/lib
      printf 'Name: bzip2\nDescription: compression\nVersion: ${version}\nLibs: -L%s/lib -lbz2\nCflags: -I%s/include\n' $PREFIX $PREFIX >$PREFIX/lib/pkgconfig/bzip2.pc
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE"]
  }
}
