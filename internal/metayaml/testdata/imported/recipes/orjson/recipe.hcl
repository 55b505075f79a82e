package "orjson" {
  summary     = "Fast, correct Python JSON library supporting dataclasses, datetimes, and numpy"
  license     = "Apache-2.0 OR MIT"
  homepage    = "https://github.com/ijl/orjson"
  tags        = ["rust"]
  maintainers = ["spicy-sauce"]
  top_level   = ["orjson"]

  version "3.11.8" {
    sha256 = "96163d9cdc5a202703e9ad1b9ae757d5f0ca62f4fa0cc93d1f27b0e180cc404e"
  }

  source {
    pypi {}
  }

  build {
    executables = ["cargo"]
    # It uses what only nightly compilers have.
    env = { RUSTC_BOOTSTRAP = "1" }
  }
}
