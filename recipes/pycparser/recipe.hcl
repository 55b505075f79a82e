# Pure Python: here so that what needs it installs from this index alone.
package "pycparser" {
  summary  = "C parser in Python"
  license  = "BSD-3-Clause"
  homepage = "https://github.com/eliben/pycparser"
  tags     = ["core", "pure"]

  version "2.21" {
    sha256 = "e644fdec12f7872f86c58ff790da456218b10f863970249516d60a5eaca77206"

    needs {
      python = "< 3.12" # the setuptools of its day does not run on newer ones
    }
  }

  version "2.22" {
    sha256 = "491c8be9c040f5390f5bf44a5b07752bd07f56edf992381b05c701439eec10f6"

    needs {
      python = ">= 3.12" # older ones have the version above
    }
  }

  source {
    pypi {}
  }

  build {
    requires = ["setuptools", "wheel"]
  }

  test {
    imports  = ["pycparser"]
    commands = ["from pycparser import c_parser; assert c_parser.CParser().parse('int a;').ext[0].name == 'a'"]
  }
}
