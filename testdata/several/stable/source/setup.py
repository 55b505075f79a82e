from setuptools import Extension, setup

setup(
    name="stable",
    version="1.0",
    ext_modules=[Extension("stable", ["stable.c"], py_limited_api=True)],
    options={"bdist_wheel": {"py_limited_api": "cp36"}},
)
