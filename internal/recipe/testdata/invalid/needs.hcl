package "demo" {
  needs {
    gcc    = "8.4"             # ERROR: Invalid gcc @ "8.4"
    python = ">= 3.9, newer"   # ERROR: Invalid python @ ">= 3.9, newer"
    glib   = ">= 2.31"         # ERROR: Unknown attribute @ glib
  }
  version "1.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  version "1.1" {
    sha256 = "abababababababababababababababababababababababababababababababab"
    needs { gcc = "~> 8.4" } # ERROR: Invalid gcc @ "~> 8.4"
  }
  source {
    pypi {}
  }
}
