# 3.5 is supported until 2030.
library "openssl" {
  summary  = "Cryptography and TLS"
  license  = "Apache-2.0"
  homepage = "https://openssl-library.org"
  tags     = ["catalogue"]

  version "3.5.7" {
    sha256 = "a8c0d28a529ca480f9f36cf5792e2cd21984552a3c8e4aa11a24aa31aeac98e8"
  }

  source {
    url {
      url     = "https://github.com/openssl/openssl/releases/download/openssl-${version}/openssl-${version}.tar.gz"
      mirrors = ["debian:pool/main/o/openssl/openssl_${version}.orig.tar.gz"]
    }
  }

  build {
    executables = ["perl"]
    cflags      = ["-O2", "-fPIC"]
    env         = { SOURCE_DATE_EPOCH = "315532800" } # it writes the day into the library: that of all builds
    # Certificates are looked for where Debian and Buildroot have them. no-module: the legacy provider is in the library itself. It would name
    # the build's folders as those of its modules, and the compiler with all its options.
    script        = <<-EOT
      ./Configure linux-armv4 --prefix=$PREFIX --libdir=lib --openssldir=/etc/ssl no-shared no-module no-tests no-docs no-quic no-comp
      sed -i 's,^$cflags = "compiler.*,$cflags = "compiler: gcc";,' util/mkbuildinf.pl
      make ENGINESDIR=/usr/lib/engines-3 MODULESDIR=/usr/lib/ossl-modules build_libs install_dev
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE.txt"]
  }
}
