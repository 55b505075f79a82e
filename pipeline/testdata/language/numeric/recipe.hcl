# A package that others are compiled against.
package "numeric" {
  version "1.24.0" { sha256 = "2222222222222222222222222222222222222222222222222222222222222222" }

  source {
    patches = ["patches/cross.patch"]
    pypi {}
  }

  build {
    env        = { NPY_BLAS_ORDER = "" }
    exports    = ["numeric/core/include/**"]
    extensions = ["numeric/core/_umath*.so"]
  }

  test { imports = ["numeric"] }
}
