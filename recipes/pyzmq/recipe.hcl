package "pyzmq" {
  summary  = "Bindings of ZeroMQ, with the library in them"
  license  = "BSD-3-Clause"
  homepage = "https://pyzmq.readthedocs.org"
  tags     = ["catalogue"]

  version "26.4.0" {
    sha256 = "4bd13f85f80962f91a651a7356fe0472791a5f7a92f227822b5acf44795c626d"
  }

  source {
    pypi {}
  }

  build {
    backend    = "scikit-build-core"
    requires   = ["cython==3.0.12", "packaging==24.2", "scikit-build-core==0.11.1", "cmake==3.31.6", "ninja==1.11.1.4"]
    uses       = ["zeromq"]
    env        = { PYZMQ_NO_BUNDLE = "ON", PYZMQ_LIBZMQ_RPATH = "OFF" }
    extensions = ["zmq/backend/cython/_zmq*.so"]
  }

  test {
    imports = ["zmq"]
    commands = [
      "import zmq; c = zmq.Context(); a, b = c.socket(zmq.PAIR), c.socket(zmq.PAIR); a.bind('inproc://x'); b.connect('inproc://x'); a.send(b'aspirate'); assert b.recv() == b'aspirate'; c.destroy(0)",
      "import zmq; public, secret = zmq.curve_keypair(); assert zmq.has('curve') and zmq.curve_public(secret) == public",
    ]
  }
}
