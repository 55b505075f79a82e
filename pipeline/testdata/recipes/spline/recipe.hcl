# A package that uses both, with a lock of its build requirements beside it.
package "Spline" {
  version "2.0" { sha256 = "3333333333333333333333333333333333333333333333333333333333333333" }

  source {
    pypi {}
  }

  build {
    requires        = ["Cython==0.29.36"]
    uses            = ["numeric", "cyaml"]
    cflags          = ["-O3"]
    ldflags         = ["-Wl,--as-needed"]
    config_settings = { "setup-args" = "-Dfast=true" }
    extensions      = ["spline/*.so"]
  }

  test {
    imports  = ["spline"]
    commands = ["import spline; assert spline.fit([1, 2])"]
    requires = ["pytest"]
  }
}
