# A package whose source lies beside its recipe.
package "vendored" {
  version "1.0" {}

  source {
    path { path = "files/src" }
  }

  test { imports = ["vendored"] }
}
