package "h5py" {
  summary   = "Read and write HDF5 files from Python"
  license   = "BSD-3-Clause"
  top_level = ["h5py"]
  requires  = ["numpy", "pkgconfig"]

  version "3.13.0" {
    sha256 = "1870e46518720023da85d0895a1960ff2ce398c5671eac3b1a41ec696b7105c3"
  }

  source {
    pypi {}
  }

  build {
    uses = ["numpy", "libhdf5"]
    env  = { H5PY_SETUP_REQUIRES = "0", HDF5_DIR = "/crosswheel/libs/libhdf5", HDF5_MPI = "OFF", HDF5_VERSION = "1.12.1" }
  }
}
