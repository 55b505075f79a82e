library "libffi" {
  summary  = "Calls of functions whose types are known at run time only"
  license  = "MIT"
  homepage = "https://sourceware.org/libffi"
  tags     = ["catalogue"]

  version "3.4.4" {
    sha256 = "d66c56ad259a82cf2a9dfc408b32bf5da52371500b84745f7fb8b645712df676"
  }

  source {
    url {
      url     = "https://github.com/libffi/libffi/releases/download/v${version}/libffi-${version}.tar.gz"
      mirrors = ["debian:pool/main/libf/libffi/libffi_${version}.orig.tar.gz"]
    }
  }

  build {
    cflags        = ["-O2", "-fPIC"]
    script        = <<-EOT
      ./configure --host=${target.triple} --prefix=$PREFIX --libdir=$PREFIX/lib --disable-shared --disable-multi-os-directory --disable-docs
      make install
    EOT
    exports       = ["include/**", "lib/**"]
    license_files = ["LICENSE"]
  }
}
