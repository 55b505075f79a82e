target "bookworm-armhf" {
  provider = "debain" # ERROR: Invalid provider @ "debain"
  suite    = "bookworm"
  arch     = "armv7l"
  tripel   = "arm-linux-gnueabihf" # ERROR: Unknown attribute @ tripel
  triple   = lower("ARM-linux-gnueabihf")
  python   = "3.11.2" # ERROR: Invalid python @ "3.11.2"
  glibc    = 2.36     # ERROR: Wrong type @ 2.36
  gcc      = "twelve" # ERROR: Invalid gcc @ "twelve"
  pip      = version  # ERROR: Variables not allowed @ version
}

target "no-suite" { # ERROR: Missing suite @ target "no-suite" # ERROR: Missing pip @ target "no-suite"
  provider = "debian"
  arch     = "armv7l"
  triple   = "arm-linux-gnueabihf"
  python   = "3.11"
  glibc    = "2.36"
  gcc      = "12.2"
}

target "ot2" {
  provider = "buildroot"
  arch     = "armv7l"
  triple   = "arm-buildroot-linux-gnueabihf"
  python   = "3.10"
  glibc    = "2.34"
  gcc      = "11.3"
  pip      = "22.3.1"
}

target "ot2" { # ERROR: Duplicate target @ target "ot2" # ERROR: Contradiction @ target "ot2"
  provider = "buildroot"
  suite    = "bookworm"
  arch     = "armv7l"
  triple   = "arm-buildroot-linux-gnueabihf"
  python   = "3.10"
  glibc    = "2.34"
  gcc      = "11.3"
  pip      = "22.3.1"
}

target "Big One" { # ERROR: Invalid name @ "Big One"
  provider = "buildroot"
  arch     = "armv7l"
  triple   = "arm-buildroot-linux-gnueabihf"
  python   = "3.10"
  glibc    = "2.34"
  gcc      = "11.3"
  pip      = "22.3.1"
}

target "loose" { # ERROR: Contradiction @ target "loose"
  provider = "debian"
  suite    = "bookworm"
  arch     = "armv7l"
  triple   = "arm-linux-gnueabihf"
  python   = "3.11"
  glibc    = "<= 2.36" # ERROR: Invalid glibc @ "<= 2.36"
  gcc      = ">= 12, < 14"
  pip      = "22.3.1"
}

target "published" { # ERROR: Missing sha256 @ target "published"
  provider = "buildroot"
  arch     = "armv7l"
  triple   = "arm-buildroot-linux-gnueabihf"
  python   = "3.10"
  glibc    = ">= 2.25, 2.36" # ERROR: Invalid glibc @ ">= 2.25, 2.36"
  gcc      = "7.3.1"
  pip      = "22.3.1"
  url      = "https://example.org/sdk.tar.gz"
}

target "own" { # ERROR: Contradiction @ target "own"
  provider = "debian"
  suite    = "bookworm"
  arch     = "armv7l"
  triple   = "arm-linux-gnueabihf"
  python   = "3.11"
  glibc    = "2.36"
  gcc      = "12.2"
  pip      = "22.3.1"
  url      = "https://example.org/sdk.tar.gz"
  sha256   = "abc" # ERROR: Invalid sha256 @ "abc"
}

target "all-robots" { # ERROR: Invalid name @ "all-robots"
  provider = "buildroot"
  arch     = "armv7l"
  triple   = "arm-buildroot-linux-gnueabihf"
  python   = "3.10"
  glibc    = "2.34"
  gcc      = "11.3"
  pip      = "22.3.1"
}

targets "other" {} # ERROR: Unknown block @ targets
default = "ot2"    # ERROR: Attribute outside of a block @ default
