package "duckdb" {
  summary   = "A fast in-process analytical database"
  license   = "MIT"
  homepage  = "https://github.com/duckdb/duckdb"
  top_level = ["duckdb"]

  version "1.5.1" {
    # Fetching prints the actual one.
    sha256 = ""
  }

  source {
    pypi {}
  }
}
