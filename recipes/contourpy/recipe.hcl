package "contourpy" {
  summary  = "Contours of two-dimensional grids"
  license  = "BSD-3-Clause"
  homepage = "https://contourpy.readthedocs.io"
  tags     = ["small"]

  version "1.2.0" {
    sha256 = "171f311cb758de7da13fc53af221ae47a5877be5a0843a9fe150818c51ed276a"

    needs {
      python = "< 3.12" # as numpy 1.24.0
    }
  }

  # For the Pythons that the one above does not know.
  version "1.3.2" {
    sha256   = "b6945942715a034c671b7fc54f9588126b0b8bf23db2696e3ca8328f3ff0ab54"
    requires = ["numpy>=1.23"]

    needs {
      python = ">= 3.12, < 3.14"
    }
    build {
      uses = ["numpy==2.1.3"]
    }
  }

  source {
    pypi {}
  }

  requires = ["numpy>=1.20,<2.0"]

  build {
    backend    = "meson-python"
    uses       = ["numpy==1.24.0"] # what it is tested with
    extensions = ["contourpy/_contourpy*.so"]
    post       = "sed -i \"s,$CROSSWHEEL_BUILD/,,g; s,/crosswheel/,,g\" contourpy/util/_build_config.py" # which says how it was built
  }

  test {
    imports  = ["contourpy"]
    commands = ["import contourpy; lines = contourpy.contour_generator(z=[[0, 1], [0, 1]]).lines(0.5); assert sorted(lines[0].tolist()) == [[0.5, 0], [0.5, 1]], lines"]
  }
}
