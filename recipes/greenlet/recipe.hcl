package "greenlet" {
  summary  = "Lightweight in-process concurrent programming"
  license  = "MIT AND PSF-2.0"
  homepage = "https://greenlet.readthedocs.io"
  tags     = ["catalogue"]

  version "3.2.4" {
    sha256 = "0dca0d95ff849f9a364385f36ab49f50065d76964944638be9691e1832e9f86d"
  }

  source {
    pypi {}
  }

  build {
    extensions = ["greenlet/_greenlet*.so"]
    exports    = ["greenlet/greenlet.h"]
  }

  test {
    imports = ["greenlet"]
    # Switching stacks is assembly of its own for each processor; an exception must find its way through.
    commands = [
      "from greenlet import greenlet, getcurrent; main = getcurrent(); g = greenlet(lambda x: main.switch(x + 1) * 2); assert g.switch(4) == 5; assert g.switch(10) == 20; assert g.dead",
      "from greenlet import greenlet\ndef fail(): raise KeyError('inside')\ntry: greenlet(fail).switch()\nexcept KeyError as e: assert e.args == ('inside',)\nelse: raise AssertionError('no exception')",
    ]
  }
}
