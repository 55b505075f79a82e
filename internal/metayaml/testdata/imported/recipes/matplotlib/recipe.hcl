package "matplotlib" {
  summary   = "Python plotting package"
  license   = "PSF-2.0"
  homepage  = "https://matplotlib.org"
  tags      = ["min-scipy-stack"]
  top_level = ["pylab", "mpl_toolkits", "matplotlib"]
  requires = [
    "contourpy",
    "cycler",
    "fonttools",
    "kiwisolver",
    "numpy",
    "packaging",
    "Pillow",
    "pyparsing",
    "python-dateutil",
    "pytz",
  ]

  version "3.10.8" {
    sha256 = "2299372c19d56bcd35cf05a2738308758d32b9eaed2371898d8f5bd33f084aa3"
  }

  source {
    pypi {}
  }

  build {
    uses            = ["numpy"]
    env             = { SETUPTOOLS_SCM_PRETEND_VERSION = "${version}" }
    cflags          = ["-fno-lto"]
    cxxflags        = ["-fno-lto"]
    ldflags         = ["-fno-lto", "-lfreetype"]
    config_settings = { "setup-args" = ["-DrcParams-backend=webagg", "-Dsystem-freetype=true"] }
    post            = <<-EOT
      rm -rf matplotlib/backends/qt_editor
      rm -rf sphinxext
    EOT
  }
}
