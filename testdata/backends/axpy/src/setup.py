from numpy.distutils.core import Extension, setup

setup(name="axpy", version="1.0", ext_modules=[Extension("axpy", ["axpy.f"])], install_requires=["numpy>=1.24,<2"])
