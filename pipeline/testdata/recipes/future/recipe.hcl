# A package that is not for this target.
package "future" {
  version "3.0" { sha256 = "5555555555555555555555555555555555555555555555555555555555555555" }

  needs { python = ">= 3.13" }

  source {
    pypi {}
  }

  test { imports = ["future"] }
}
