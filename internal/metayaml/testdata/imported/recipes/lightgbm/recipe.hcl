package "lightgbm" {
  summary     = "LightGBM Python Package"
  license     = "MIT"
  homepage    = "https://github.com/microsoft/LightGBM"
  maintainers = ["jameslamb"]
  requires    = ["numpy", "scipy", "scikit-learn"]

  version "4.6.0" {
    sha256 = "cb1c59720eb569389c0ba74d14f52351b573af489f230032a1c9f314f8bab7fe"
  }

  source {
    pypi {}
  }

  build {
    env             = { CMAKE_GENERATOR = "Unix Makefiles" }
    config_settings = { "skbuild.cmake.define.USE_OPENMP" = "OFF" }
  }

  test {
    imports = ["lightgbm"]
  }
}
