# Pure Python: here so that what needs it installs from this index alone.
package "pytz" {
  summary = "World time zone definitions"
  license = "MIT"
  tags    = ["core", "pure"]

  version "2022.7" {
    sha256 = "7ccfae7b4b2c067464a6733c6261673fdb8fd1be905460396b97a073e9fa683a"

    needs {
      python = "< 3.12" # the setuptools of its day does not run on newer ones
    }
  }

  version "2024.2" {
    sha256 = "2aa355083c50a0f93fa581709deac0c9ad65cca8a9e9beac660adcbd493c798a"

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
    imports  = ["pytz"]
    commands = ["import pytz; assert pytz.timezone('Europe/Zurich').zone == 'Europe/Zurich'"]
  }
}
