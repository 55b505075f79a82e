import os

from setuptools import Extension, setup

# The source's own path is what the compiler is told; the order of files is made one.
setup(
    name="clean",
    version="1.0",
    ext_modules=[Extension("clean", sorted(os.path.abspath(name) for name in os.listdir(".") if name.endswith(".c")), extra_compile_args=["-g"])],
)
