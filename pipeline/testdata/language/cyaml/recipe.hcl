# A library, from the first address that answers.
library "cyaml" {
  version "0.2.5" { sha256 = "1111111111111111111111111111111111111111111111111111111111111111" }

  source {
    url {
      url     = "https://example.org/cyaml-${version}.tar.gz"
      mirrors = ["debian:pool/main/c/cyaml/cyaml_${version}.orig.tar.gz"]
    }
  }

  build {
    script  = <<-EOT
      $CC -c src/*.c
      $AR rcs $PREFIX/lib/libcyaml.a *.o
    EOT
    exports = ["include/**", "lib/**"]
  }
}
