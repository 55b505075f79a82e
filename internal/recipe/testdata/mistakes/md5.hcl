package "demo" {
  version "1.0" { # ERROR: Missing sha256 @ version "1.0"
    md5 = "d41d8cd98f00b204e9800998ecf8427e" # ERROR: Unknown attribute @ md5
  }
  source {
    pypi {}
  }
}
