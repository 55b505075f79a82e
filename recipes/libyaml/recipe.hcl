library "libyaml" {
  summary  = "YAML 1.1 parser and emitter in C"
  license  = "MIT"
  homepage = "https://pyyaml.org/wiki/LibYAML"
  tags     = ["core"]

  version "0.2.5" {
    sha256 = "fa240dbf262be053f3898006d502d514936c818e422afdcf33921c63bed9bf2e"
  }

  source {
    url {
      url     = "https://github.com/yaml/libyaml/archive/${version}.tar.gz"
      mirrors = ["debian:pool/main/liby/libyaml/libyaml_${version}.orig.tar.gz"]
    }
  }

  build {
    # The archive of the tag has no configure script, and ten files of plain C need none.
    script        = <<-EOT
      mkdir -p $PREFIX/lib $PREFIX/include
      for file in src/*.c; do
        $CC -O2 -fPIC -Iinclude -DYAML_DECLARE_STATIC "-DYAML_VERSION_STRING=\"${version}\"" -DYAML_VERSION_MAJOR=${split(".", version)[0]} \
          -DYAML_VERSION_MINOR=${split(".", version)[1]} -DYAML_VERSION_PATCH=${split(".", version)[2]} -c $file
      done
      $AR rcs $PREFIX/lib/libyaml.a *.o
      cp include/yaml.h $PREFIX/include
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["License"]
  }
}
