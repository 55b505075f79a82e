# SPDX-License-Identifier: Apache-2.0
"""Fails where what a build is about to compile against is not the target's: probe.py

64-bit headers compile without a word, and give a module that reads and writes beside its data. The compiler, its flags and the folders
of headers are those that the build gets. Nothing is run.
"""
import importlib.util
import os
import shlex
import subprocess
import sys
import sysconfig

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "probe.c")


def complaints(*options):
    """What the compiler has to say against the headers; nothing, if all is well."""
    command = [
        *shlex.split(os.environ["CC"]), *shlex.split(os.environ.get("CFLAGS", "")),
        "-I" + sysconfig.get_path("include"), *options, "-fsyntax-only", "-x", "c", SOURCE,
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return "" if done.returncode == 0 else shlex.join(command) + "\n" + done.stdout


def numpy_headers():
    """The folder of the headers of the numpy that a build would import, if there is one: as numpy.get_include() says, without importing it."""
    spec = importlib.util.find_spec("numpy")
    for package in spec.submodule_search_locations if spec else []:
        for core in "_core", "core":
            folder = os.path.join(package, core, "include")
            if os.path.isdir(folder):
                return folder
    return None


def main():
    said = complaints()
    if said:
        sys.exit(said + "\nThe compiler, its flags or Python's headers are not the target's. Look at env, cflags and CC of the recipe's build block.")
    numpy = numpy_headers()
    said = numpy and complaints("-DNUMPY", "-I" + numpy)
    if said:
        sys.exit(said + '\nThe headers of the numpy in the build environment are not the target\'s: it was installed to run on the build machine. '
                 'Write uses = ["numpy"] into the build block, and the headers of our numpy are laid over it.')


main()
