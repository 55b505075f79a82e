# A library that uses another one, and whose pkg-config file names a place where it is not.
library "libscale" {
  summary = "Scales"
  license = "MIT"

  locals {
    needs = split(".", version)[0] == "1" ? "-lround" : ""
  }

  version "1.0" {}

  version "2.0" {
    build {
      uses    = ["libround==2.0"]
      script  = <<-EOT
        mkdir -p $PREFIX/lib/pkgconfig $PREFIX/include
        $CC $CFLAGS -shared -fPIC -Wl,-soname,libscale.so.2 -o $PREFIX/lib/libscale.so.2 scale.c $LDFLAGS -lround
        ln -s libscale.so.2 $PREFIX/lib/libscale.so
        cp scale.h $PREFIX/include
        sed 's/@LIBS@/${local.needs}/' scale.pc.in >$PREFIX/lib/pkgconfig/scale.pc
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
    uses          = ["libround==1.0"]
    script        = <<-EOT
      mkdir -p $PREFIX/lib/pkgconfig $PREFIX/include
      $CC $CFLAGS -fPIC -c scale.c
      $AR rcs $PREFIX/lib/libscale.a scale.o
      cp scale.h $PREFIX/include
      sed 's/@LIBS@/${local.needs}/' scale.pc.in >$PREFIX/lib/pkgconfig/scale.pc
    EOT
    exports       = ["include/*.h", "lib/**"]
    license_files = ["COPYING"]
  }
}
