from setuptools import setup

setup(name="nlopt")
