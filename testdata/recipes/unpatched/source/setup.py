from setuptools import setup

setup(name="unpatched", version="1.0")
