# Rust, and nothing says which crates.
package "unlocked" {
  version "1.0" {}

  source {
    path {
      path = "src"
    }
  }

  build {
    backend = "maturin"
  }
}
