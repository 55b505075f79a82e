import os
import shlex
import subprocess

import generator
from setuptools import Extension, setup

assert generator.LONG == 8, "it is not the native one"
with open("_scale.c", "w") as file:
    file.write(generator.SOURCE)


def flags(what):
    return shlex.split(subprocess.check_output([os.environ.get("PKG_CONFIG", "pkg-config"), what, "scale"], text=True))


setup(
    name="scales",
    version=os.environ["SCALES_VERSION"],
    packages=["scales", "scales.inner"],
    ext_modules=[Extension("scales.inner._scale", ["_scale.c"], extra_compile_args=flags("--cflags"), extra_link_args=flags("--libs"))],
)
