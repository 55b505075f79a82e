# SPDX-License-Identifier: Apache-2.0
"""Proves an installed package, on the target's own Python: test.py TESTS, JSON with "imports" and "commands"."""
import importlib
import json
import sys
import time


def main(tests):
    tests = json.loads(tests)
    for name in tests["imports"] or []:
        started = time.monotonic()
        importlib.import_module(name)
        print(f"import {name}: ok, {time.monotonic() - started:.1f} s", flush=True)
    for number, command in enumerate(tests["commands"] or [], 1):
        exec(compile(command, f"<test command {number}>", "exec"), {"__name__": "__main__"})
        print(f"command {number}: ok", flush=True)


main(*sys.argv[1:])
