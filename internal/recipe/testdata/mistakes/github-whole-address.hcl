package "demo" {
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    github {
      owner = "https://github.com/yaml" # ERROR: Invalid owner @ "https://github.com/yaml"
      repo  = "libyaml"
      tag   = "v1"
    }
  }
}
