library "libsodium" {
  summary  = "Cryptography: encryption, signatures, password hashing"
  license  = "ISC"
  homepage = "https://libsodium.org"
  tags     = ["catalogue"]

  version "1.0.18" {
    sha256 = "d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4"
  }

  source {
    url {
      url     = "https://github.com/jedisct1/libsodium/archive/refs/tags/${version}.tar.gz"
      mirrors = ["debian:pool/main/libs/libsodium/libsodium_${version}.orig.tar.gz"]
    }
  }

  build {
    executables   = ["autoreconf"] # the archive of the tag has no configure script
    cflags        = ["-O2", "-fPIC"]
    script        = <<-EOT
      autoreconf -fi
      ./configure --host=${target.triple} --prefix=$PREFIX --disable-shared
      make -C src install
      make install-pkgconfigDATA
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE"]
  }
}
