# SPDX-License-Identifier: Apache-2.0
"""Builds a wheel of the source in the working directory with its own backend (PEP 517): wheel.py BUILD-SYSTEM SETTINGS

BUILD-SYSTEM is a file, SETTINGS are the config settings as JSON. The wheel goes to /out/wheel.
"""
import importlib
import json
import os
import sys

CROSS = "/crosswheel/cross"
BUILD = ".crosswheel"  # a folder with one name always: it can end up in what is compiled


def meson_settings(settings):
    """meson takes its cross file from the command line only; its folder would have another name each time, and be gone after a failure."""
    given = settings.get("setup-args", [])
    files = [f"--cross-file={CROSS}/meson-cross.ini", f"--native-file={CROSS}/meson-native.ini"]
    settings["setup-args"] = files + ([given] if isinstance(given, str) else given)
    if "build-dir" not in settings:
        settings.setdefault("builddir", BUILD)  # the name that every version knows


def show_logs():
    """What a configuration that failed has tried and seen."""
    for name in "meson-logs/meson-log.txt", "CMakeFiles/CMakeError.log", "CMakeFiles/CMakeConfigureLog.yaml":
        name = os.path.join(BUILD, name)
        if os.path.exists(name):
            with open(name, errors="replace") as file:
                print(f"--- {name}, its last lines:\n{''.join(file.readlines()[-60:])}---", flush=True)


def main(build_system, settings):
    with open(build_system) as file:
        system = json.load(file)
    sys.path[:0] = [os.path.abspath(folder) for folder in system["backend_path"] or []]
    module, _, attribute = system["backend"].partition(":")
    backend = importlib.import_module(module)
    for name in filter(None, attribute.split(".")):
        backend = getattr(backend, name)
    settings = json.loads(settings) or {}
    if module == "mesonpy":
        meson_settings(settings)
    try:
        print("wheel.py:", backend.build_wheel("/out/wheel", settings or None))
    except BaseException:
        show_logs()
        raise


# The working directory is not on the path (setup.py files that want it add it): a source's own folder named like a module of
# the standard library would hide it.
sys.path[:] = [folder for folder in sys.path if folder not in ("", os.getcwd(), os.path.dirname(os.path.abspath(__file__)))]
main(*sys.argv[1:])
