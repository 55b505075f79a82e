package "bycmake" {
  summary  = "What a CMake project asks of the target"
  license  = "Apache-2.0"
  homepage = "https://example.org"

  version "1.0" {}

  source {
    path { path = "src" }
  }

  build {
    requires   = ["scikit-build-core==0.10.7", "cmake==3.31.6", "ninja==1.11.1.1", "pybind11==2.13.6"]
    extensions = ["plain.cpython-*.so", "bound.cpython-*.so"]
  }

  test {
    commands = ["import plain; assert plain.eight == 8 and plain.zlib", "import bound; assert bound.size == 4"]
  }
}
