package "demo" {
  version 1.0 { # ERROR: Version without quotes @ version
  }
  source {
    pypi {}
  }
}
