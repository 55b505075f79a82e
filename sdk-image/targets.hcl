# SPDX-License-Identifier: Apache-2.0
#
# The firmwares that wheels are built for. The facts below are compared with the SDK itself: where they differ, nothing is built.

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
