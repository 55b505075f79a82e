# Its second patch was made against something else.
package "unpatched" {
  summary = "A package with patches"
  license = "Apache-2.0"

  version "1.0" {}

  # Its source lies elsewhere.
  version "2.0" {
    source {
      extract_dir = "python"
    }
  }

  # It has the first patch already.
  version "3.0" {
    source {
      patches = ["good.patch", "good.patch"]
    }
  }

  # Nothing is there that could be built.
  version "4.0" {
    source {
      patches     = []
      extract_dir = "docs"
    }
  }

  source {
    patches = ["good.patch", "bad.patch"]
    path {
      path = "source"
    }
  }

  test {
    imports = ["unpatched"]
  }
}
