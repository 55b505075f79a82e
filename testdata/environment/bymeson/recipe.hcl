package "bymeson" {
  summary  = "What a meson project asks of the target"
  license  = "Apache-2.0"
  homepage = "https://example.org"

  version "1.0" {}

  source {
    path { path = "src" }
  }

  build {
    requires   = ["meson-python==0.17.1", "meson==1.6.0", "ninja==1.11.1.1", "Cython==3.0.8"]
    extensions = ["plain.cpython-*.so", "cythonic.cpython-*.so"]
  }

  test {
    imports  = ["plain"]
    commands = ["import cythonic; assert cythonic.double(2) == 4; assert cythonic.double.__code__.co_filename == 'cythonic.pyx'"]
  }
}
