library "libyaml" {
  license  = "MIT"
  homepage = "https://pyyaml.org/wiki/LibYAML"
  tags     = ["cmake"]

  version "0.2.1" {
    sha256 = "56070c9d4bf244a8dcc68e04613e5bbce5c8411ed97cdccc1f4b5fb46aebe5a8"
  }

  source {
    url {
      url = "https://github.com/yaml/libyaml/archive/${version}.zip"
    }
  }

  build {
    script = <<-EOT
      CFLAGS=-fPIC cmake -DCMAKE_INSTALL_PREFIX=$PREFIX -DBUILD_TESTING=OFF .
      make
      make install
      ln -sf libyaml_static.a $PREFIX/lib/libyaml.a
    EOT
    # All of it. Name less where dependants need less.
    exports = ["include/**", "lib/**"]
  }
}
