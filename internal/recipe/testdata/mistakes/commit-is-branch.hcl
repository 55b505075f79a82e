package "demo" {
  version "1.0" {
    summary = "x"
  }
  source {
    git {
      url    = "https://git.example.org/demo.git"
      commit = "main" # ERROR: Invalid commit @ "main"
    }
  }
}
