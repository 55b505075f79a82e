package "PyYAML" {
  summary  = "YAML parser and emitter for Python"
  license  = "MIT"
  homepage = "https://pyyaml.org"
  tags     = ["core"]

  version "6.0.1" {
    sha256 = "bfdf460b1736c775f2ba9f6a92bca30bc2095067b8a9d77876d1fad6cc3b4a43"

    needs {
      python = "< 3.13" # Cython 0.29 knows no newer one
    }
  }

  version "6.0.2" {
    sha256 = "d584d9ec91ad65861cc08d42e834324ef890a082e591037abe114850ff7bbc3e"

    needs {
      python = ">= 3.13" # older ones have the version above
    }

    build {
      requires = ["setuptools", "wheel", "Cython>=3.0"]
    }
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools", "wheel", "Cython<3.0"]
    uses       = ["libyaml"]
    env        = { PYYAML_FORCE_LIBYAML = "1", PYYAML_FORCE_CYTHON = "1" } # or it is built without the extension, in silence
    extensions = ["yaml/_yaml*.so"]
  }

  test {
    imports  = ["yaml", "yaml._yaml"]
    commands = ["import yaml; assert yaml.load('a: [1, 2.5]', Loader=yaml.CSafeLoader) == {'a': [1, 2.5]}"]
  }
}
