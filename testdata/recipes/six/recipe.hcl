# The checksum is left for the fetch to tell.
package "six" {
  summary = "A pure package"
  license = "MIT"

  version "1.16.0" {
    sha256 = ""
  }

  source {
    pypi {}
  }

  test {
    imports = ["six"]
  }
}
