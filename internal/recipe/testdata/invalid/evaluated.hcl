package "demo" {
  version "1.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  version "2.0" { sha256 = "abababababababababababababababababababababababababababababababab" }
  version "3.0" {
    sha256   = "abababababababababababababababababababababababababababababababab"
    disabled = target.python == "3.11" ? "too old" : null
    build { backend = { "3.12" = "pep517" }[target.python] } # no error: not built on this target
  }
  source {
    pypi {}
  }
  build {
    backend = target.python == "3.11" ? "flit" : "pep517" # ERROR: Invalid backend @ target.python == "3.11" ? "flit" : "pep517"
    cflags  = { "12.1" = ["-O1"] }[target.gcc]            # ERROR: Invalid index @ [target.gcc]
    exports = ["${version == "2.0" ? "/" : ""}include/**"] # ERROR: Invalid exports @ "${version == "2.0" ? "/" : ""}include/**"
  }
}
