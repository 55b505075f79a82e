package "msgpack" {
  summary  = "MessagePack serializer"
  license  = "Apache-2.0"
  homepage = "https://msgpack.org"
  tags     = ["catalogue"]

  version "1.1.1" {
    sha256 = "77b79ce34a2bdab2594f490c8e80dd62a02d650b91a75159a63ec413b8d104cd"
  }

  source {
    pypi {}
  }

  build {
    extensions = ["msgpack/_cmsgpack*.so"]
  }

  test {
    imports  = ["msgpack", "msgpack._cmsgpack"]
    commands = ["import msgpack; from msgpack._cmsgpack import Packer; assert msgpack.Packer is Packer; assert msgpack.unpackb(msgpack.packb({'a': [1, 2**63, 2.5, b'x']})) == {'a': [1, 2**63, 2.5, b'x']}"]
  }
}
