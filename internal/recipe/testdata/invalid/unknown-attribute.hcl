package "demo" {
  sumary  = "Slip of the finger" # ERROR: Unknown attribute @ sumary
  backend = "setuptools"         # ERROR: Unknown attribute @ backend
  sha256  = "abababababababababababababababababababababababababababababababab" # ERROR: Unknown attribute @ sha256
  needs   = { gcc = ">= 8" }     # ERROR: Unknown attribute @ needs
  colour  = "green"              # ERROR: Unknown attribute @ colour
  version "1.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  source {
    pypi {}
  }
  build {
    bakend  = "setuptools" # ERROR: Unknown attribute @ bakend
    imports = ["demo"]     # ERROR: Unknown attribute @ imports
    linkage = "static"     # ERROR: Unknown attribute @ linkage
  }
}
