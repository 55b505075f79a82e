# A package whose script does it all.
package "handmade" {
  version "1.0" {}

  source {
    path { path = "src" }
  }

  build { script = "make wheel DEST=$WHEELS" }

  test { imports = ["handmade"] }
}
