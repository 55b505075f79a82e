# Pure Python: here so that what needs it installs from this index alone.
package "six" {
  summary  = "Python 2 and 3 compatibility"
  license  = "MIT"
  homepage = "https://github.com/benjaminp/six"
  tags     = ["core", "pure"]

  version "1.16.0" {
    sha256 = "1e61c37477a1626458e36f7b1d82aa5c9b094fa4802892072e49de9c60c4c926"

    needs {
      python = "< 3.12" # the setuptools of its day does not run on newer ones
    }
  }

  version "1.17.0" {
    sha256 = "ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81"

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
    imports  = ["six"]
    commands = ["import six; assert six.PY3"]
  }
}
