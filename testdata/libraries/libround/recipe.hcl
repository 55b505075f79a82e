# What another library uses: static in one version, shared in the next.
library "libround" {
  summary = "Rounds"
  license = "Zlib"

  version "1.0" {}

  version "2.0" {
    build {
      script  = <<-EOT
        mkdir -p $PREFIX/lib $PREFIX/include
        $CC -shared -fPIC -Wl,-soname,libround.so.2 -o $PREFIX/lib/libround.so.2 round.c
        ln -s libround.so.2 $PREFIX/lib/libround.so
        cp round.h $PREFIX/include
      EOT
      linkage = "shared"
    }
  }

  source {
    path {
      path = "src"
    }
  }

  build {
    script        = <<-EOT
      mkdir -p $PREFIX/lib $PREFIX/include
      $CC -fPIC -c round.c
      $AR rcs $PREFIX/lib/libround.a round.o
      cp round.h $PREFIX/include
    EOT
    exports       = ["include/*.h", "lib/**"]
    license_files = ["COPYING"]
  }
}
