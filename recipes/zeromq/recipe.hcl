library "zeromq" {
  summary  = "Sockets that carry messages, with encryption by libsodium"
  license  = "LGPL-3.0-or-later WITH LGPL-3.0-linking-exception"
  homepage = "https://zeromq.org"
  tags     = ["catalogue"]

  version "4.3.4" {
    sha256 = "0ff5a531c9ffaf0dfdc7dc78d13d1383088f454896d252934c429b2554d10559"
  }

  source {
    url {
      url = "debian:pool/main/z/zeromq3/zeromq3_${version}.orig.tar.gz"
    }
  }

  build {
    uses          = ["libsodium"]
    requires      = ["cmake==3.31.6"]
    script        = <<-EOT
      cmake -B out -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=$PREFIX -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
        -DBUILD_SHARED=OFF -DBUILD_TESTS=OFF -DWITH_PERF_TOOL=OFF -DWITH_DOCS=OFF -DENABLE_CPACK=OFF -DWITH_LIBSODIUM=ON -DENABLE_CURVE=ON -DZMQ_BUILD_TESTS=OFF
      cmake --build out --target libzmq-static
      mkdir -p $PREFIX/include $PREFIX/lib/pkgconfig
      cp include/*.h $PREFIX/include
      cp out/lib/libzmq.a $PREFIX/lib
      cat >$PREFIX/lib/pkgconfig/libzmq.pc <<EOF
      Name: libzmq
      Description: messages
      Version: ${version}
      Libs: -L$PREFIX/lib -lzmq -L$PREFIX/../libsodium/lib -lsodium -lstdc++ -lpthread
      Cflags: -I$PREFIX/include -DZMQ_STATIC
      EOF
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["COPYING.LESSER"]
  }
}
