from setuptools import Extension, setup

setup(
    name="fresh",
    version="1.0",
    ext_modules=[Extension("fresh", ["fresh.c"], py_limited_api=True)],
    options={"bdist_wheel": {"py_limited_api": "cp36"}},
)
