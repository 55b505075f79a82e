# Pure Python: here so that what needs it installs from this index alone.
package "tzdata" {
  summary  = "The time zones of the IANA, for systems without them"
  license  = "Apache-2.0"
  homepage = "https://github.com/python/tzdata"
  tags     = ["core", "pure"]

  version "2025.2" {
    sha256 = "b60a638fcc0daffadf82fe0f57e53d06bdec2f36c4df66280ae79bce6bd6f2b9"
  }

  source {
    pypi {}
  }

  build {
    requires = ["setuptools", "wheel"]
  }

  test {
    imports  = ["tzdata"]
    commands = ["import importlib.resources as r; assert r.files('tzdata').joinpath('zoneinfo/Europe/Zurich').read_bytes()[:4] == b'TZif'"]
  }
}
