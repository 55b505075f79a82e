library "xz" {
  summary  = "LZMA compression (liblzma)"
  license  = "0BSD"
  homepage = "https://tukaani.org/xz"
  tags     = ["catalogue"]

  version "5.8.1" {
    sha256 = "0b54f79df85912504de0b14aec7971e3f964491af1812d83447005807513cd9e"
  }

  source {
    url {
      url     = "https://github.com/tukaani-project/xz/releases/download/v${version}/xz-${version}.tar.xz"
      mirrors = ["debian:pool/main/x/xz-utils/xz-utils_${version}.orig.tar.xz"]
    }
  }

  build {
    cflags        = ["-O2", "-fPIC"]
    script        = <<-EOT
      ./configure --host=${target.triple} --prefix=$PREFIX --disable-shared --disable-nls --disable-doc --disable-scripts \
        --disable-xz --disable-xzdec --disable-lzmadec --disable-lzmainfo
      make install
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["COPYING", "COPYING.0BSD"]
  }
}
