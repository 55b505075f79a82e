package "grpcio" {
  summary  = "Remote procedure calls over HTTP/2, with OpenSSL in it"
  license  = "Apache-2.0"
  homepage = "https://grpc.io"
  tags     = ["catalogue", "large"]

  version "1.66.2" {
    sha256 = "563588c587b75c34b928bc428548e5b00ea38c46972181a4d8b75ba7e3f24231"
  }

  source {
    pypi {}
  }

  build {
    requires   = ["setuptools<76", "wheel"]
    uses       = ["openssl", "zlib"]
    cflags     = ["-g0"] # the compiler needs a third less time
    env        = { GRPC_PYTHON_BUILD_SYSTEM_OPENSSL = "1", GRPC_PYTHON_BUILD_SYSTEM_ZLIB = "1" }
    extensions = ["grpc/_cython/cygrpc*.so"]
    memory     = "2GB"
  }

  test {
    imports = ["grpc", "grpc._cython.cygrpc"]
    commands = [
      "import grpc; assert grpc.StatusCode.OK.value[0] == 0; assert grpc.ssl_channel_credentials(b'') is not None",
      # A call from a client to a server, by way of the loopback device.
      <<-EOT
        import concurrent.futures, grpc
        class Echo(grpc.GenericRpcHandler):
            def service(self, details):
                return grpc.unary_unary_rpc_method_handler(lambda request, context: request[::-1])
        server = grpc.server(concurrent.futures.ThreadPoolExecutor(2), handlers=[Echo()])
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            assert channel.unary_unary("/robot/Echo")(b"abc", timeout=60, wait_for_ready=True) == b"cba"
        server.stop(None).wait()
      EOT
    ]
  }
}
