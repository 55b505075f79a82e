# A shared library.
library "cround" {
  license = "MIT"

  version "1.0" {}

  source {
    path { path = "src" }
  }

  build {
    script        = "make install"
    exports       = ["include/**", "lib/*.so*"]
    linkage       = "shared"
    license_files = ["COPYING"]
  }
}
