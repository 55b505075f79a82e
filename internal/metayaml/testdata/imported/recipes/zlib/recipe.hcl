library "zlib" {
  license  = "Zlib"
  homepage = "https://zlib.net"

  version "1.2.11" {
    sha256 = "c3e5e9fdd5004dcb542feda5ee4f0ff0744628baf8ed2dd5d66f8ca1197cb1a1"
  }

  source {
    url {
      url = "https://zlib.net/fossils/zlib-${version}.tar.gz"
    }
  }

  build {
    script = <<-EOT
      ./configure --host=${target.triple} --static --prefix=$PREFIX
      make install
    EOT
    # All of it. Name less where dependants need less.
    exports = ["include/**", "lib/**"]
  }
}
