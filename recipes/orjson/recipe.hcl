package "orjson" {
  summary  = "Fast JSON"
  license  = "Apache-2.0 OR MIT"
  homepage = "https://github.com/ijl/orjson"
  tags     = ["catalogue", "large", "rust"]

  version "3.10.18" {
    sha256 = "e8da3947d92123eda795b68228cafe2724815621fe35e8e320a9e9593a4bcd53"
  }

  source {
    pypi {}
  }

  build {
    backend    = "maturin"
    extensions = ["orjson/orjson*.so"]
  }

  test {
    imports  = ["orjson"]
    commands = ["import orjson, datetime; assert orjson.loads(orjson.dumps({'a': [1, 2**53, 2.5, None, 'ü']})) == {'a': [1, 2**53, 2.5, None, 'ü']}; assert orjson.dumps(datetime.date(2022, 7, 1)) == b'\"2022-07-01\"'"]
  }
}
