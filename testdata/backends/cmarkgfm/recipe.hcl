# cffi in its API mode, with the C source in it.
package "cmarkgfm" {
  summary = "Markdown in C"
  license = "MIT"
  tags    = ["backend-sample"]

  version "2024.11.20" {
    sha256 = "5dd01cf61975a8a57213cdef5ed870e936032f13fe93d60ddf659ffb9cf73c6a"
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools", "wheel", "cffi==1.16.0"] # which setup.py asks for while it runs
    uses       = ["cffi==1.16.0"]
    extensions = ["cmarkgfm/_cmark*.so"]
  }

  test {
    imports  = ["cmarkgfm", "cmarkgfm._cmark"]
    commands = ["import cmarkgfm; assert '<del>b</del>' in cmarkgfm.github_flavored_markdown_to_html('a ~~b~~')"]
  }
}
