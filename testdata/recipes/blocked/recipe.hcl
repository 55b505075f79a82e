# Needs what cannot be built.
package "blocked" {
  summary = "A package that uses a broken one"
  license = "Apache-2.0"

  version "1.0" {}

  source {
    path {
      path = "source"
    }
  }

  build {
    uses = ["broken"]
  }
}
