package "MarkupSafe" {
  summary  = "Strings that are safe to put into HTML"
  license  = "BSD-3-Clause"
  homepage = "https://palletsprojects.com/p/markupsafe"
  tags     = ["core"]

  version "2.1.3" {
    sha256 = "af598ed32d6ae86f1b747b82783958b1a4ab8f617b06fe68795c7f026abbdcad"
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools", "wheel"]
    extensions = ["markupsafe/_speedups*.so"]
  }

  test {
    imports  = ["markupsafe", "markupsafe._speedups"]
    commands = ["import markupsafe; assert markupsafe.escape('<a>') == '&lt;a&gt;'"]
  }
}
