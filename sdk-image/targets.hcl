# SPDX-License-Identifier: Apache-2.0
#
# The firmwares that wheels are built for. The facts below are compared with the SDK itself: where they differ, nothing is built. A version may be a constraint.

target "bookworm-armhf" {
  summary  = "Debian 12 on ARMv7 with hardware floating point"
  provider = "debian"
  suite    = "bookworm"
  packages = [] # beyond what every sysroot has

  arch   = "armv7l"
  triple = "arm-linux-gnueabihf"
  python = "3.11"
  glibc  = "2.36"
  gcc    = "12.2"
  pip    = "22.3.1" # the firmware's own, which installs the wheels in the tests
}

target "bullseye-armhf" {
  summary  = "Debian 11 on ARMv7 with hardware floating point"
  provider = "debian"
  suite    = "bullseye"
  packages = ["python3-distutils"] # pip needs it up to Python 3.9

  arch   = "armv7l"
  triple = "arm-linux-gnueabihf"
  python = "3.9"
  glibc  = "2.31"
  gcc    = "10.2"
  pip    = "22.3.1"
}

target "trixie-armhf" {
  summary  = "Debian 13 on ARMv7 with hardware floating point"
  provider = "debian"
  suite    = "trixie"

  arch   = "armv7l"
  triple = "arm-linux-gnueabihf"
  python = "3.13"
  glibc  = "2.41"
  gcc    = "14.2"
  pip    = "25.1.1" # an older one does not run on this Python from its wheel
}

# The robots. No SDK of theirs is published: hand in the one that `make sdk` of their Buildroot leaves, with --sdk.

target "ot2-cp310" {
  summary  = "OT-2, robot software 7.2 to 8.8: Python 3.10, glibc 2.25"
  provider = "buildroot"

  arch   = "armv7l"
  triple = "arm-buildroot-linux-gnueabihf"
  python = "3.10"
  glibc  = "2.25"
  gcc    = "7.3"
  pip    = "22.3.1"
}

target "ot2-cp312" {
  summary  = "OT-2, robot software 9.0 and later, as far as it is known: Python 3.12, glibc 2.40 or 2.41"
  provider = "buildroot"

  arch   = "armv7l"
  triple = "arm-buildroot-linux-gnueabihf"
  python = "3.12"
  glibc  = ">= 2.40, <= 2.41"
  gcc    = ">= 13, < 15" # the firmware itself is made with 14.3
  pip    = "25.2"
}
