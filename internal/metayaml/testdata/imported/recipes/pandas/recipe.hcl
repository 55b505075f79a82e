package "pandas" {
  summary   = "Powerful data structures for data analysis, time series, and statistics"
  license   = "BSD-3-Clause"
  homepage  = "https://pandas.pydata.org"
  tags      = ["min-scipy-stack"]
  top_level = ["pandas"]
  requires  = ["numpy", "python-dateutil", "pytz"]

  version "3.0.2" {
    sha256 = "f4753e73e34c8d83221ba58f232433fca2748be8b18dbca02d242ed153945043"
  }

  source {
    pypi {}
  }

  build {
    uses    = ["numpy"]
    cflags  = ["-Werror=implicit-function-declaration", "-Os"]
    ldflags = ["-Wl,--fatal-warnings", "-Os"]
  }
}
