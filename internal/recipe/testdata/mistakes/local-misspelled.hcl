package "demo" {
  locals {
    fortran = "gfortran-12"
  }
  version "1.0" {
    sha256 = "abababababababababababababababababababababababababababababababab"
  }
  source {
    pypi {}
  }
  build {
    env         = { FC = local.fotran } # ERROR: Unknown variable @ .fotran
    executables = [local.fortran]
  }
}
