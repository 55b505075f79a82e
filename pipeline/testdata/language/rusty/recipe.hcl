# A package in Rust, which links a library.
package "rusty" {
  version "0.3" {
    sha256 = "6666666666666666666666666666666666666666666666666666666666666666"
  }

  source {
    pypi {}
  }

  build {
    backend = "maturin"
    uses    = ["ccalc"]
  }
}
