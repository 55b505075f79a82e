package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    github { # ERROR: Missing tag @ github
      owner = "yaml"
      repo  = "libyaml"
    }
  }
}
