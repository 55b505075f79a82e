# Runs while others are built; the package index has it.
package "plain" {
  version "1.16.0" { sha256 = "7777777777777777777777777777777777777777777777777777777777777777" }

  source {
    pypi {}
  }

  build { native = "wheel" }

  test { imports = ["plain"] }
}
