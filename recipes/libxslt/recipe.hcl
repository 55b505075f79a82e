library "libxslt" {
  summary  = "XSL transformations"
  license  = "MIT"
  homepage = "https://gitlab.gnome.org/GNOME/libxslt"
  tags     = ["catalogue"]

  version "1.1.35" {
    sha256 = "8247f33e9a872c6ac859aa45018bc4c4d00b97e2feac9eebc10c93ce1f34dd79"
  }

  source {
    url {
      url     = "https://download.gnome.org/sources/libxslt/1.1/libxslt-${version}.tar.xz"
      mirrors = ["debian:pool/main/libx/libxslt/libxslt_${version}.orig.tar.xz"]
    }
  }

  build {
    uses          = ["libxml2"]
    cflags        = ["-O2", "-fPIC"]
    script        = <<-EOT
      ./configure --host=${target.triple} --prefix=$PREFIX --disable-shared --without-python --without-crypto --without-debugger --without-plugins \
        --with-libxml-prefix=$PREFIX/../libxml2
      make -C libxslt install
      make -C libexslt install
      make install-binSCRIPTS install-pkgconfigDATA
    EOT
    exports       = ["include/**", "lib/**", "bin/xslt-config"]
    license_files = ["Copyright"]
  }
}
