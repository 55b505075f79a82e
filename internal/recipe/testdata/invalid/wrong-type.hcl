package "demo" {
  summary = 12                  # ERROR: Wrong type @ 12
  tags    = "core"              # ERROR: Wrong type @ "core"
  license = ["MIT"]             # ERROR: Wrong type @ ["MIT"]
  homepage = true               # ERROR: Wrong type @ true
  version "1.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  source {
    pypi { name = "other" } # ERROR: Unknown attribute @ name
    strip = "two" # ERROR: Wrong type @ "two"
  }
  build {
    requires = ["wheel", 58.0, null]     # ERROR: Wrong type @ 58.0 # ERROR: Wrong type @ null
    env      = { A = "", B = 1.10 }      # ERROR: Wrong type @ 1.10
    cflags   = { O = "2" }               # ERROR: Wrong type @ { O = "2" }
    ldflags  = [version, length("demo")] # ERROR: Error in function call @ length(
    config_settings = ["-Dblas=none"]    # ERROR: Wrong type @ ["-Dblas=none"]
  }
}
