package "demo" {
  summary  = "${nam} in short"                       # ERROR: Unknown variable @ nam
  license  = env.LICENSE                             # ERROR: Unknown variable @ env
  homepage = lowr("HTTPS://EXAMPLE.ORG")             # ERROR: Call to unknown function @ lowr
  tags     = [for t in ["a"] : t if target.pyton == "3.11"] # ERROR: Unknown fact @ .pyton
  disabled = target.os == "linux" ? "no" : null      # ERROR: Unknown fact @ .os
  version "1.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  source {
    url { url = "https://example.org/${format("%9999s", name)}.tar.gz" } # ERROR: Invalid function argument @ %9999s
  }
  build {
    cflags  = ["-DV=${regex("^[0-9]+$", version)}"] # ERROR: Error in function call @ regex(
    ldflags = concat(["-lm"], target.arch)          # ERROR: Invalid function argument @ target.arch
  }
}
