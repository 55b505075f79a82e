package "demo" {
  version "1.0" {
    summary = "x"
  }
  source {
    git { # ERROR: Missing commit @ git
      url = "https://git.example.org/demo.git"
    }
  }
}
