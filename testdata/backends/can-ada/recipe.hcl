# nanobind, with scikit-build-core and CMake.
package "can_ada" {
  summary = "A parser of addresses in C++"
  license = "MIT"
  tags    = ["backend-sample"]

  version "3.0.0" {
    sha256 = "2266fc34f7a7fab7c7aee5c95e057a190e24691758223b06ed189517508dd120"
  }

  source {
    pypi {}
  }

  build {
    extensions = ["can_ada*.so"]
  }

  test {
    imports  = ["can_ada"]
    commands = ["import can_ada; assert can_ada.parse('http://robot.example/../a%20b?c#d').pathname == '/a%20b'"]
  }
}
