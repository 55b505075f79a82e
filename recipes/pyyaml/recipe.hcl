package "PyYAML" {
  summary  = "YAML parser and emitter for Python"
  license  = "MIT"
  homepage = "https://pyyaml.org"
  tags     = ["core"]

  version "6.0.1" {
    sha256 = "bfdf460b1736c775f2ba9f6a92bca30bc2095067b8a9d77876d1fad6cc3b4a43"
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
