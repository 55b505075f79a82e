package "h3" {
  summary  = "Hexagonal geospatial index"
  license  = "Apache-2.0"
  homepage = "https://uber.github.io/h3-py"
  tags     = ["catalogue", "backend-sample"]

  version "4.2.2" {
    sha256 = "5cc78d546b5c732f480a842e3e436c393fe37fe59b063fe9cb5589206b7c4c7e"
  }

  source {
    pypi {}
  }

  build {
    backend    = "scikit-build-core"
    requires   = ["cython==3.0.12", "scikit-build-core==0.11.0", "cmake==3.31.6", "ninja==1.11.1.3"]
    extensions = ["h3/_cy/cells*.so", "h3/_cy/latlng*.so"]
  }

  test {
    imports  = ["h3"]
    commands = ["import h3; c = h3.latlng_to_cell(47.3769, 8.5417, 9); assert c == '891f8d7a49bffff', c; assert len(h3.grid_disk(c, 1)) == 7 and h3.cell_to_parent(c, 8) == h3.latlng_to_cell(47.3769, 8.5417, 8)"]
  }
}
