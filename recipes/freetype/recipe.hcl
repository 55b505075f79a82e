library "freetype" {
  summary  = "Fonts"
  license  = "FTL OR GPL-2.0-only"
  homepage = "https://freetype.org"
  tags     = ["catalogue"]

  version "2.13.3" {
    sha256 = "686ec73cbf6783b245dd068a09ce807b729ac0f8a46dd70f7867923c32fdf4de"
  }

  source {
    url {
      url = "debian:pool/main/f/freetype/freetype_${version}+dfsg.orig.tar.xz"
    }
  }

  build {
    uses          = ["zlib", "libpng"]
    executables   = ["gcc"] # it writes its list of functions with a program of its own
    cflags        = ["-O2", "-fPIC"]
    script        = <<-EOT
      ./configure --host=${target.triple} --prefix=$PREFIX --disable-shared --with-zlib=yes --with-png=yes --with-bzip2=no --with-brotli=no --with-harfbuzz=no CC_BUILD=gcc
      make
      make install
      # Packages name this library alone: it has in it what it needs itself.
      printf 'open %s\naddlib %s\naddlib %s\nsave\nend\n' $PREFIX/lib/libfreetype.a $PREFIX/../libpng/lib/libpng16.a $PREFIX/../zlib/lib/libz.a | $AR -M
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE.TXT"]
  }
}
