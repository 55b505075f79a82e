library "libffmpeg" {
  license  = "LGPL-2.1-or-later"
  homepage = "https://ffmpeg.org/"

  version "4.4.1" {
    sha256 = "82b43cc67296bcd01a59ae6b327cdb50121d3a9e35f41a30de1edd71bb4a6666"
  }

  source {
    extract_dir = "FFmpeg-n${version}"
    strip       = 0

    github {
      owner = "FFmpeg"
      repo  = "FFmpeg"
      tag   = "n${version}"
    }
  }

  build {
    script = <<-EOT
      ./configure --host=${target.triple} --extra-cflags=-fPIC --disable-programs --enable-cross-compile \
        --ar=$AR --cc=$CC --cxx=$CXX --ranlib=$RANLIB --prefix=$PREFIX
      make
      make install
    EOT
    # All of it. Name less where dependants need less.
    exports = ["include/**", "lib/**"]
  }
}
