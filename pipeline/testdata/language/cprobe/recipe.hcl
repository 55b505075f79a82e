# A library of a release's file, that links another one.
library "cprobe" {
  version "3.1" { sha256 = "4444444444444444444444444444444444444444444444444444444444444444" }

  source {
    extract_dir = "src"
    github {
      owner = "probes"
      repo  = "cprobe"
      tag   = "v${version}"
      asset = "cprobe-${version}.tar.gz"
    }
  }

  build {
    uses          = ["cyaml"]
    script        = "make install"
    exports       = ["include/**", "lib/*.a"]
    license_files = ["COPYING", "it's.txt"]
    executables   = ["make"]
  }
}
