package "pandas" {
  summary  = "Data structures for data analysis, time series and statistics"
  license  = "BSD-3-Clause"
  homepage = "https://pandas.pydata.org"
  tags     = ["core", "large"]

  version "1.5.0" {
    sha256 = "3ee61b881d2f64dd90c356eb4a4a4de75376586cd3c9341c6c0fcaae18d52977"

    needs {
      python = "< 3.12" # as numpy 1.24.0
    }
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools>=51.0.0,<66", "wheel", "Cython>=0.29.32,<3", "numpy==1.24.0"]
    uses       = ["numpy==1.24.0"]
    extensions = ["pandas/_libs/**/*.so"]
  }

  test {
    imports = ["pandas"]
    commands = [
      "import io, pandas as pd; d = pd.read_csv(io.StringIO('a,b\\nx,1\\ny,2\\nx,3')); assert d.groupby('a').b.sum().to_dict() == {'x': 4, 'y': 2}",
      "import pandas as pd; t = pd.Timestamp('2022-07-01 12:00', tz='Europe/Zurich'); assert t.tz_convert('UTC').hour == 10",
    ]
  }
}
