import os
import platform

import six  # what is imported here must be there natively
from setuptools import Extension, setup

if platform.machine() != "armv7l":
    raise SystemExit("imgproc is for robots only")

if not os.path.exists("site.cfg"):
    raise SystemExit("there is no site.cfg")

setup(
    name="ImgProc",
    version="@VERSION@",
    packages=["imgproc", "imgproc.tests"],
    package_data={"imgproc": ["include/*.h", "py.typed"]},
    install_requires=["six>=" + six.__version__],
    ext_modules=[Extension("imgproc._filter", ["generated.c"], libraries=["filter"])],
)
