package "bcrypt" {
  summary  = "Password hashing"
  license  = "Apache-2.0"
  homepage = "https://github.com/pyca/bcrypt"
  tags     = ["catalogue", "backend-sample", "rust"]

  version "4.3.0" {
    sha256 = "3a3fd2204178b6d2adcf09cb4f6426ffef54762577a7c9b54c159008cb288c18"
  }

  source {
    pypi {}
  }

  build {
    backend    = "setuptools-rust"
    extensions = ["bcrypt/_bcrypt*.so"]
  }

  test {
    imports  = ["bcrypt", "bcrypt._bcrypt"]
    commands = ["import bcrypt; h = bcrypt.hashpw(b'secret', bcrypt.gensalt(4)); assert bcrypt.checkpw(b'secret', h) and not bcrypt.checkpw(b'other', h); assert bcrypt.hashpw(b'Kk4DQuMMfZL9o', b'$2b$04$cVWp4XaNU8a4v1uMRum2SO') == b'$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm'"]
  }
}
