from setuptools import setup

setup(name="pydoc_data", version="1.0.0", packages=["pydoc_data"])
