# Runs while others are built, and is on no package index.
package "codegen" {
  requires = ["ply", "plain"]

  version "1.0" {}

  source {
    path { path = "src" }
  }

  build {
    uses   = ["plain"]
    native = "build"
    cflags = ["-mfpu=neon"]
    env    = { CODEGEN_FAST = "1" }
    before = "./generate.sh"
  }

  test { imports = ["codegen"] }
}
