library "zstd" {
  summary  = "Zstandard compression"
  license  = "BSD-3-Clause OR GPL-2.0-only"
  homepage = "https://facebook.github.io/zstd"
  tags     = ["catalogue"]

  version "1.5.7" {
    sha256 = "0c092ef267edce57ba7f3f2645c861f72eaf5e76273c6c3632869423464b90a5"
  }

  source {
    url {
      url = "debian:pool/main/libz/libzstd/libzstd_${version}+dfsg.orig.tar.xz"
    }
  }

  build {
    script        = <<-EOT
      export CFLAGS="-O2 -fPIC" UNAME_TARGET_SYSTEM=Linux
      make -C lib install-pc install-static install-includes PREFIX=$PREFIX
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE"]
  }
}
