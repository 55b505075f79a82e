# Pure Python: here so that what needs it installs from this index alone.
package "python-dateutil" {
  summary  = "Extensions to the standard datetime module"
  license  = "Apache-2.0 OR BSD-3-Clause"
  homepage = "https://github.com/dateutil/dateutil"
  tags     = ["core", "pure"]

  version "2.8.2" {
    sha256 = "0123cacc1627ae19ddf3c27a5de5bd67ee4586fbdd6440d9748f8abb483d3e86"

    needs {
      python = "< 3.12" # the setuptools of its day does not run on newer ones
    }
  }

  version "2.9.0.post0" {
    sha256 = "37dd54208da7e1cd875388217d5e00ebd4179249f90fb72437e91a35459a0ad3"

    needs {
      python = ">= 3.12" # older ones have the version above
    }
  }

  source {
    pypi {}
  }

  build {
    requires = ["setuptools", "wheel", "setuptools_scm"]
  }

  test {
    imports  = ["dateutil", "dateutil.parser", "dateutil.tz"]
    commands = ["import dateutil.parser as p; assert p.parse('2022-07-01T12:00').hour == 12"]
  }
}
