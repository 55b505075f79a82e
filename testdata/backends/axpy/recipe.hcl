# A subroutine in Fortran, wrapped by f2py.
package "axpy" {
  summary = "y + a x"
  license = "Apache-2.0"

  version "1.0" {}

  source {
    path {
      path = "src"
    }
  }

  build {
    requires   = ["setuptools==59.2.0", "wheel==0.37.0", "numpy==1.24.0"]
    uses       = ["numpy==1.24.0"]
    extensions = ["axpy*.so"]
  }

  test {
    imports  = ["axpy"]
    commands = ["import axpy; assert axpy.axpy(2.0, [1, 2], [10.0, 20.0]).tolist() == [12, 24]"]
  }
}
