import numpy
import setuptools

module = setuptools.Extension("wide", ["wide.c"], include_dirs=[numpy.get_include()])
setuptools.setup(name="wide", version="1.0", ext_modules=[module])
