package "nlopt" {
  license     = "LGPL-2.1-or-later"
  homepage    = "https://github.com/stevengj/nlopt"
  maintainers = ["mgreminger", "tom-dudley"]
  top_level   = ["nlopt"]
  requires    = ["numpy"]

  version "2.9.1" {
    sha256 = "1e6c33f8cbdc4138d525f3326c231f14ed50d99345561e85285638c49b64ee93"
  }

  source {
    extras = { "extras/pyproject.toml" = "pyproject.toml", "extras/setup.py" = "setup.py" }

    github {
      owner = "stevengj"
      repo  = "nlopt"
      tag   = "v${version}"
    }
  }

  build {
    executables = ["swig"]
    uses        = ["numpy"]
    cxxflags    = ["-std=c++11"]
  }
}
