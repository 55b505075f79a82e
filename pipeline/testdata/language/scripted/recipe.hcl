# A package of a commit, with scripts around its backend and every hint.
package "scripted" {
  requires  = ["numeric"]
  top_level = ["scripted"]

  version "0.5" {}

  source {
    git {
      url        = "https://git.example.org/scripted.git"
      commit     = "5555555555555555555555555555555555555555"
      submodules = true
    }
    extras = { "files/site.cfg" = "site.cfg", "files/data" = "src/data" }
  }

  build {
    backend         = "meson-python"
    requires        = ["meson-python==0.15.0"]
    constraints     = ["packaging<24"]
    uses            = ["cprobe", "numeric"]
    cflags          = ["-O2"]
    cxxflags        = ["-std=c++17"]
    config_settings = { "setup-args" = ["-Da=1", "-Db=2"] }
    before          = "./generate.sh"
    after           = "make check"
    post            = "rm -r scripted/tests"
    number          = 2
    jobs            = 1
    memory          = "2GB"
    timeout         = "90m"
  }

  test { files = ["scripted/py.typed"] }
}
