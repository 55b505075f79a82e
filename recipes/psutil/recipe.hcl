package "psutil" {
  summary  = "Processes and system utilisation"
  license  = "BSD-3-Clause"
  homepage = "https://github.com/giampaolo/psutil"
  tags     = ["core"]

  version "5.9.5" {
    sha256 = "5410638e4df39c54d957fc51ce03048acd8e6d60abc0f5107af51e5fb566eb3c"
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools>=43", "wheel"]
    extensions = ["psutil/_psutil_linux*.so", "psutil/_psutil_posix*.so"]
  }

  test {
    imports  = ["psutil"]
    commands = ["import psutil, os; assert psutil.Process().pid == os.getpid()"]
  }
}
