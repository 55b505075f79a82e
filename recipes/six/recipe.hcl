# Pure Python: here so that what needs it installs from this index alone.
package "six" {
  summary  = "Python 2 and 3 compatibility"
  license  = "MIT"
  homepage = "https://github.com/benjaminp/six"
  tags     = ["core", "pure"]

  version "1.16.0" {
    sha256 = "1e61c37477a1626458e36f7b1d82aa5c9b094fa4802892072e49de9c60c4c926"
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
