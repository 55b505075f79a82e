package "rpds-py" {
  summary  = "Persistent data structures, which jsonschema needs"
  license  = "MIT"
  homepage = "https://github.com/crate-py/rpds"
  tags     = ["catalogue", "backend-sample", "rust"]

  version "0.22.3" {
    sha256 = "e32fee8ab45d3c2db6da19a5323bc3362237c8b653c70194414b892fd06a080d"
  }

  source {
    pypi {}
  }

  build {
    backend    = "maturin"
    extensions = ["rpds/rpds*.so"]
  }

  test {
    imports  = ["rpds"]
    commands = ["from rpds import HashTrieMap, List; m = HashTrieMap({'a': 1}); assert dict(m.insert('b', 2)) == {'a': 1, 'b': 2} and dict(m) == {'a': 1}; assert list(List([1, 2]).push_front(0)) == [0, 1, 2]"]
  }
}
