package "pydoc_data" {
  license   = "PSF-2.0"
  tags      = ["always"]
  top_level = ["pydoc_data"]

  version "1.0.0" {}

  source {
    path {
      path = "src"
    }
  }

  build {
    before = "wget $${PYTHON_ARCHIVE_URL} -O Python-$${PYVERSION}.tgz"
  }
}
