package "cryptography" {
  summary  = "Cryptography: recipes and primitives, with OpenSSL in it"
  license  = "Apache-2.0 OR BSD-3-Clause"
  homepage = "https://cryptography.io"
  tags     = ["catalogue", "large", "rust"]

  version "43.0.3" {
    sha256 = "315b9001266a492a6ff443b61238f956b214dbec9910a081ba5b6646a055a805"
  }

  source {
    pypi {}
  }

  build {
    backend    = "maturin"
    requires   = ["maturin>=1,<2", "cffi==1.17.1", "setuptools"]
    uses       = ["openssl", "cffi==1.17.1"]
    env        = { OPENSSL_DIR = "/crosswheel/libs/openssl", OPENSSL_STATIC = "1", OPENSSL_NO_VENDOR = "1" }
    extensions = ["cryptography/hazmat/bindings/_rust*.so"]
  }

  test {
    imports = ["cryptography", "cryptography.hazmat.bindings._rust"]
    commands = [
      "from cryptography.fernet import Fernet; f = Fernet(Fernet.generate_key()); assert f.decrypt(f.encrypt(b'move the pipette')) == b'move the pipette'",
      "from cryptography.hazmat.primitives.asymmetric import ec; from cryptography.hazmat.primitives import hashes; key = ec.generate_private_key(ec.SECP256R1()); s = key.sign(b'a', ec.ECDSA(hashes.SHA256())); key.public_key().verify(s, b'a', ec.ECDSA(hashes.SHA256()))",
      "from cryptography.hazmat.backends.openssl.backend import backend; assert backend.openssl_version_text().startswith('OpenSSL 3.5.7')",
    ]
  }
}
