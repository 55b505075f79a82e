# Debian's archive is zlib's own less two files of documentation; it is where every mirror of Debian has it.
library "zlib" {
  summary  = "Compression library"
  license  = "Zlib"
  homepage = "https://zlib.net"
  tags     = ["catalogue"]

  version "1.3.1" {
    sha256 = "60dd315c07f616887caa029408308a018ace66e3d142726a97db164b3b8f69fb"
  }

  source {
    url {
      url = "debian:pool/main/z/zlib/zlib_1.3.dfsg+really${version}.orig.tar.gz"
    }
  }

  build {
    cflags        = ["-O2", "-fPIC"]
    script        = "./configure --static --prefix=$PREFIX && make libz.a && make install"
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE"]
  }
}
