package "gensim" {
  summary   = "Python framework for fast Vector Space Modelling"
  license   = "LGPL-2.1-only"
  homepage  = "http://radimrehurek.com/gensim"
  top_level = ["gensim"]
  requires  = ["numpy", "scipy", "six", "smart-open", "wrapt"]
  disabled  = "Pyodide: It does not know Python 3.14."

  version "4.3.3" {
    sha256 = "a0787f45b42829af77022469c57b10b5bdf106fa66fa0f75e3bcbb387be55c82"
  }

  source {
    github {
      # Its sdist has no Cython sources.
      owner = "piskvorky"
      repo  = "gensim"
      tag   = "${version}"
    }
  }

  build {
    uses = ["numpy"]
  }
}
