package "zstandard" {
  summary  = "Bindings of the Zstandard compression library, with the library in them"
  license  = "BSD-3-Clause"
  homepage = "https://github.com/indygreg/python-zstandard"
  tags     = ["catalogue"]

  version "0.25.0" {
    sha256 = "7713e1179d162cf5c7906da876ec2ccb9c3a9dcbdffef0cc7f70c3667a205f0b"
  }

  source {
    pypi {}
  }

  build {
    extensions = ["zstandard/backend_c*.so", "zstandard/_cffi*.so"]
  }

  test {
    imports  = ["zstandard", "zstandard.backend_c"]
    commands = ["import zstandard; assert zstandard.backend == 'cext'; data = b'robot ' * 5000; c = zstandard.ZstdCompressor(level=19).compress(data); assert len(c) < 200 and zstandard.ZstdDecompressor().decompress(c) == data"]
  }
}
