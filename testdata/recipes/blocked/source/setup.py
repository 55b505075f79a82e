import os
import time

from setuptools import Extension, setup

print("slow: compiling", flush=True)
time.sleep(float(os.environ.get("SLOW_SECONDS", "1")))
setup(name="slow", version="1.0", ext_modules=[Extension("slow", ["slow.c"])])
