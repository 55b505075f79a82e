# Writes into its wheel what it meets by chance: verify --rebuild finds each, and where.
package "planted" {
  summary = "An extension module that is another one each time"
  license = "Apache-2.0"

  version "1.0" {}

  source {
    path {
      path = "src"
    }
  }

  build {
    requires   = ["setuptools==65.5.0", "wheel==0.37.1"]
    extensions = ["planted*.so"]
  }

  test {
    imports = ["planted"]
  }
}
