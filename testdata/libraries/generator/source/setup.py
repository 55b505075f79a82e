from setuptools import Extension, setup

setup(name="generator", version="1.0", py_modules=["generator"], install_requires=["six"], ext_modules=[Extension("_generator", ["_generator.c"])])
