# Meson asks the compiler what the target has: on this machine's own, some of the answers would be others.
package "cysignals" {
  summary = "Interrupts and signals for Cython"
  license = "LGPL-3.0-or-later"
  tags    = ["backend-sample"]

  version "1.12.3" {
    sha256 = "89f7626dbf29db5ab3d6eff15a89978f4eb5193c320e9099bcc157dacdefd1eb"
  }

  source {
    pypi {}
  }

  build {
    extensions = ["cysignals/signals*.so", "cysignals/alarm*.so"]
  }

  test {
    imports = ["cysignals.signals", "cysignals.alarm"]
    commands = [<<-EOT
      import time
      from cysignals.alarm import alarm, AlarmInterrupt
      try:
          alarm(0.5)
          time.sleep(60)
      except AlarmInterrupt:
          pass
      else:
          raise AssertionError("no alarm")
    EOT
    ]
  }
}
