package "h3" {
  summary  = "Hexagonal hierarchical geospatial index"
  license  = "Apache-2.0"
  homepage = "https://uber.github.io/h3-py"
  tags     = ["small"]

  version "4.1.1" {
    sha256 = "94b80249a0c6ae1109defcf2eb8604b00e7be6a7eba2e0e4efd4841f8cc6177a"
  }

  source {
    pypi {}
  }

  build {
    extensions = ["h3/_cy/cells*.so", "h3/_cy/edges*.so", "h3/_cy/util*.so"]
    post       = "rm -r include lib" # of the C library, which is linked into the modules
  }

  test {
    imports  = ["h3"]
    commands = ["import h3; cell = h3.latlng_to_cell(37.769377, -122.388903, 9); assert cell == '89283082e73ffff', cell; assert len(h3.grid_disk(cell, 1)) == 7"]
  }
}
