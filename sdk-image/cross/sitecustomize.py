"""Every native Python of the build environment reads this as it starts."""
import importlib.machinery
import importlib.util
import re
import sys

# It loads its own extension modules, and knows the target's by name: meson-python refuses what it has compiled if that ends in no suffix of
# the Python that runs it. What is imported does not depend on this list.
if "@EXT_SUFFIX@" not in importlib.machinery.EXTENSION_SUFFIXES:
    importlib.machinery.EXTENSION_SUFFIXES.append("@EXT_SUFFIX@")


class Cython:
    """Has Cython write no path of the build into a module. It does where a source is not below the working folder, as with meson and CMake."""

    def find_spec(self, name, path=None, target=None):
        if name != "Cython.Compiler.Scanning":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            module.FileSourceDescriptor.get_filenametable_entry = lambda self: re.sub("^@ROOT@/build/[^/]*/", "", self.file_path)

        spec.loader.exec_module = exec_module
        return spec


sys.meta_path.insert(0, Cython())
