library "libjpeg-turbo" {
  summary  = "JPEG images, with the processor's vector instructions"
  license  = "IJG AND BSD-3-Clause AND Zlib"
  homepage = "https://libjpeg-turbo.org"
  tags     = ["catalogue"]

  version "2.1.5" {
    sha256 = "254f3642b04e309fee775123133c6464181addc150499561020312ec61c1bf7c"
  }

  source {
    url {
      url     = "https://github.com/libjpeg-turbo/libjpeg-turbo/archive/refs/tags/${version}.tar.gz"
      mirrors = ["debian:pool/main/libj/libjpeg-turbo/libjpeg-turbo_${version}.orig.tar.gz"]
    }
  }

  build {
    requires      = ["cmake==3.31.6"]
    env           = { SOURCE_DATE_EPOCH = "315532800" } # it writes the day into the library: that of all builds
    script        = <<-EOT
      cmake -B out -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=$PREFIX -DCMAKE_INSTALL_LIBDIR:PATH=lib -DENABLE_SHARED=OFF -DWITH_TURBOJPEG=OFF \
        -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DREQUIRE_SIMD=ON
      cmake --build out --target jpeg-static
      mkdir -p $PREFIX/include $PREFIX/lib/pkgconfig
      cp out/jconfig.h jpeglib.h jmorecfg.h jerror.h $PREFIX/include
      cp out/libjpeg.a $PREFIX/lib
      cp out/pkgscripts/libjpeg.pc $PREFIX/lib/pkgconfig
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE.md", "README.ijg"]
  }
}
