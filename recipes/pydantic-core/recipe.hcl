package "pydantic-core" {
  summary  = "What pydantic validates with; each release of pydantic needs exactly one of it"
  license  = "MIT"
  homepage = "https://github.com/pydantic/pydantic-core"
  tags     = ["catalogue", "large", "rust"]

  version "2.33.2" {
    sha256 = "7cb8bc3605c29176e1b105350d2e6474142d7c1bd1d9327c4a9bdb46bf827acc"
  }

  source {
    pypi {}
  }

  build {
    backend    = "maturin"
    extensions = ["pydantic_core/_pydantic_core*.so"]
  }

  test {
    requires = ["pydantic==2.11.5"]
    imports  = ["pydantic_core", "pydantic"]
    commands = [
      "from pydantic_core import SchemaValidator, ValidationError\nv = SchemaValidator({'type': 'list', 'items_schema': {'type': 'int'}})\nassert v.validate_python(['1', 2]) == [1, 2]\ntry: v.validate_json('[\"x\"]')\nexcept ValidationError as e: assert e.error_count() == 1\nelse: raise AssertionError('x is no number')",
      "from pydantic import BaseModel\nclass Well(BaseModel):\n    name: str\n    volume: float\nassert Well.model_validate_json('{\"name\": \"A1\", \"volume\": \"20\"}').volume == 20.0",
    ]
  }
}
