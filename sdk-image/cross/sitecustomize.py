"""Every native Python of the build environment reads this as it starts.

It loads its own extension modules, and knows the target's by name: meson-python refuses what it has compiled if that ends in no suffix of
the Python that runs it. What is imported does not depend on this list.
"""
import importlib.machinery

if "@EXT_SUFFIX@" not in importlib.machinery.EXTENSION_SUFFIXES:
    importlib.machinery.EXTENSION_SUFFIXES.append("@EXT_SUFFIX@")
