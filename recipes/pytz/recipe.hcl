# Pure Python: here so that what needs it installs from this index alone.
package "pytz" {
  summary = "World time zone definitions"
  license = "MIT"
  tags    = ["core", "pure"]

  version "2022.7" {
    sha256 = "7ccfae7b4b2c067464a6733c6261673fdb8fd1be905460396b97a073e9fa683a"
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
