package "PyNaCl" {
  summary  = "Bindings of libsodium: encryption and signatures"
  license  = "Apache-2.0"
  homepage = "https://pynacl.readthedocs.io"
  tags     = ["catalogue"]

  version "1.5.0" {
    sha256 = "8ac7448f09ab85811607bdd21ec2464495ac8b7c66d146bf545b0f08fb9220ba"
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools>=40.8.0", "wheel", "cffi==1.17.1"]
    uses       = ["libsodium", "cffi==1.17.1"]
    env        = { SODIUM_INSTALL = "system" } # the recipe's, not the copy that it would configure for this machine
    extensions = ["nacl/_sodium*.so"]
  }

  test {
    imports = ["nacl", "nacl._sodium"]
    commands = [
      "from nacl.secret import SecretBox; from nacl.utils import random; box = SecretBox(random(SecretBox.KEY_SIZE)); assert box.decrypt(box.encrypt(b'move the pipette')) == b'move the pipette'",
      "from nacl.signing import SigningKey; from nacl.exceptions import BadSignatureError\nsigned = SigningKey(b'k' * 32).sign(b'protocol')\nassert SigningKey(b'k' * 32).verify_key.verify(signed) == b'protocol'\ntry: SigningKey(b'x' * 32).verify_key.verify(signed)\nexcept BadSignatureError: pass\nelse: raise AssertionError('a wrong key verifies')",
    ]
  }
}
