package "demo" {
  summary  = "" # ERROR: Invalid summary @ ""
  disabled = "" # ERROR: Invalid disabled @ ""
  version "1.0" { sha256 = "" }
  source {
    pypi {}
  }
  build {
    requires = ["wheel", ""] # ERROR: Invalid requires @ ""
    env      = { A = "" }
  }
}
