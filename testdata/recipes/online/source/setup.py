import socket

from setuptools import setup

socket.create_connection(("127.0.0.1", 9), timeout=5)
setup(name="online", version="1.0", py_modules=[])
