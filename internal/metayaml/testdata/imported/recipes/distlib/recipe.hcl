package "distlib" {
  summary   = "Distribution utilities"
  license   = "PSF-2.0"
  homepage  = "https://github.com/pypa/distlib"
  top_level = ["distlib"]

  version "0.4.0" {
    sha256 = "9659f7d87e46584a30b5780e43ac7a2143098441670ff0a49d5f9034c54a6c16"
  }

  source {
    pypi {
      wheel = true
    }
  }

  build {
    post = "find . -name '*.exe' -delete"
  }
}
