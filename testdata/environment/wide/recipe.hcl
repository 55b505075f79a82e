package "wide" {
  summary  = "Compiled against the headers of a numpy that runs on the build machine"
  license  = "Apache-2.0"
  homepage = "https://example.org"

  version "1.0" {}

  source {
    path { path = "src" }
  }

  build {
    requires   = ["setuptools==68.2.2", "wheel==0.41.2", "numpy==1.24.0"]
    extensions = ["wide*.so"]
  }

  test { imports = ["wide"] }
}
