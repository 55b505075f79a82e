# A wheel of the package index, less its tests.
package "repacked" {
  version "1.16.0" { sha256 = "6666666666666666666666666666666666666666666666666666666666666666" }

  source {
    pypi { wheel = true }
  }

  build { post = "rm -r tests" }

  test { imports = ["repacked"] }
}
