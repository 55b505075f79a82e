package "lz4" {
  summary  = "Bindings of the LZ4 compression library, with the library in them"
  license  = "BSD-3-Clause"
  homepage = "https://github.com/python-lz4/python-lz4"
  tags     = ["catalogue"]

  version "4.4.4" {
    sha256 = "070fd0627ec4393011251a094e08ed9fdcc78cb4e7ab28f507638eee4e39abda"
  }

  source {
    pypi {}
  }

  build {
    env        = { PYLZ4_USE_SYSTEM_LZ4 = "False" } # a robot has no liblz4: its own copy is compiled
    extensions = ["lz4/_version*.so", "lz4/block/_block*.so", "lz4/frame/_frame*.so"]
  }

  test {
    imports  = ["lz4.block", "lz4.frame"]
    commands = ["import lz4.block, lz4.frame; data = b'robot ' * 5000; b = lz4.block.compress(data); f = lz4.frame.compress(data); assert len(b) < 200 and lz4.block.decompress(b) == data == lz4.frame.decompress(f)"]
  }
}
