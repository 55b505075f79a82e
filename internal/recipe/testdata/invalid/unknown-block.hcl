package "demo" {
  vesion "1.0" {} # ERROR: Unknown block @ vesion
  tags {}         # ERROR: Unknown block @ tags
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
    version "1.0.1" {} # ERROR: Unknown block @ version
  }
  source {
    pipy {} # ERROR: Unknown block @ pipy
    pypi {}
  }
  deploy {} # ERROR: Unknown block @ deploy
}
recipe "other" {} # ERROR: Unknown block @ recipe
packages "other" {} # ERROR: Unknown block @ packages
author = "me" # ERROR: Attribute outside of a block @ author
