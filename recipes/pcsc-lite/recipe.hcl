# Only its headers: what uses it opens the robot's own library while it runs, if it has one.
library "pcsc-lite" {
  summary  = "Headers of the smart card interface PC/SC"
  license  = "BSD-3-Clause"
  homepage = "https://pcsclite.apdu.fr"
  tags     = ["catalogue"]

  version "1.9.9" {
    sha256 = "cbcc3b34c61f53291cecc0d831423c94d437b188eb2b97b7febc08de1c914e8a"
  }

  source {
    url {
      url     = "https://pcsclite.apdu.fr/files/pcsc-lite-${version}.tar.bz2"
      mirrors = ["debian:pool/main/p/pcsc-lite/pcsc-lite_${version}.orig.tar.bz2"]
    }
  }

  build {
    script        = <<-EOT
      mkdir -p $PREFIX/include/PCSC $PREFIX/lib/pkgconfig
      cp src/PCSC/winscard.h src/PCSC/wintypes.h src/PCSC/reader.h src/PCSC/ifdhandler.h src/PCSC/debuglog.h $PREFIX/include/PCSC
      sed "s/@VERSION@/${version}/" src/PCSC/pcsclite.h.in >$PREFIX/include/PCSC/pcsclite.h
      printf 'Name: libpcsclite\nDescription: PC/SC\nVersion: ${version}\nCflags: -I%s/include/PCSC\n' $PREFIX >$PREFIX/lib/pkgconfig/libpcsclite.pc
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["COPYING"]
  }
}
