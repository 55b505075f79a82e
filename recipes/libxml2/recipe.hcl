library "libxml2" {
  summary  = "XML and HTML parser"
  license  = "MIT"
  homepage = "https://gitlab.gnome.org/GNOME/libxml2"
  tags     = ["catalogue"]

  version "2.9.14" {
    sha256 = "4fe913dec8b1ab89d13b489b419a8203176ea39e931eaa0d25b17eafb9c279e9"
  }

  source {
    url {
      url     = "debian:pool/main/libx/libxml2/libxml2_${version}+dfsg.orig.tar.xz"
      mirrors = ["debian:pool/main/libx/libxml2/libxml2_2.12.7+dfsg+really${version}.orig.tar.xz"]
    }
  }

  build {
    uses          = ["zlib"]
    cflags        = ["-O2", "-fPIC"]
    script        = <<-EOT
      ./configure --host=${target.triple} --prefix=$PREFIX --disable-shared --without-python --without-lzma --without-icu --without-readline --without-history
      make libxml2.la xml2-config libxml-2.0.pc
      make install-libLTLIBRARIES install-binSCRIPTS install-pkgconfigDATA
      make -C include install
    EOT
    exports       = ["include/**", "lib/**", "bin/xml2-config"]
    license_files = ["Copyright"]
  }
}
