# SPDX-License-Identifier: Apache-2.0
"""Builds a wheel of the source in the working directory with its own backend (PEP 517): wheel.py BUILD-SYSTEM SETTINGS

BUILD-SYSTEM is a file, SETTINGS are the config settings as JSON. The wheel goes to /out/wheel.
"""
import importlib
import json
import os
import sys


def main(build_system, settings):
    with open(build_system) as file:
        system = json.load(file)
    sys.path[:0] = [os.path.abspath(folder) for folder in system["backend_path"] or []]
    module, _, attribute = system["backend"].partition(":")
    backend = importlib.import_module(module)
    for name in filter(None, attribute.split(".")):
        backend = getattr(backend, name)
    print("wheel.py:", backend.build_wheel("/out/wheel", json.loads(settings) or None))


# The working directory is not on the path (setup.py files that want it add it): a source's own folder named like a module of
# the standard library would hide it.
sys.path[:] = [folder for folder in sys.path if folder not in ("", os.getcwd(), os.path.dirname(os.path.abspath(__file__)))]
main(*sys.argv[1:])
