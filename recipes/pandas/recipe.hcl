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

  # For the Pythons that the one above does not know.
  version "2.2.3" {
    sha256 = "4f18ba62b61d7e192368b84517265a99b4d7ee8912f8708660fb4a366cc82667"

    needs {
      python = ">= 3.12, < 3.14"
    }
    build {
      requires = ["meson-python==0.13.1", "meson==1.2.1", "wheel", "Cython~=3.0.5", "numpy==2.1.3", "versioneer[toml]", "ninja"]
      uses     = ["numpy==2.1.3"]
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
