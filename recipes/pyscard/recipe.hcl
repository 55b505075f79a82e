package "pyscard" {
  summary  = "Smart cards (PC/SC)"
  license  = "LGPL-2.1-or-later"
  homepage = "https://pyscard.sourceforge.io"
  tags     = ["catalogue"]

  version "2.2.2" {
    sha256 = "c77481fb86f4a17bc441d7b36551c1d36a9d3a48c4bb30ab8118886e6f275081"
  }

  source {
    pypi {}
  }

  build {
    uses       = ["pcsc-lite"]
    extensions = ["smartcard/scard/_scard*.so"]
  }

  test {
    imports = ["smartcard"]
    # A machine without a reader has no PC/SC either: the module says so, which shows that it looked.
    commands = [
      "from smartcard.util import toBytes; assert toBytes('3B 65 00') == [0x3b, 0x65, 0]",
      "from smartcard.ATR import ATR; assert ATR([0x3B, 0x65, 0x00, 0x00, 0x20, 0x63, 0xCB, 0xA0, 0x00]).getHistoricalBytes() == [0x20, 0x63, 0xCB, 0xA0, 0x00][0:5]",
    ]
  }
}
