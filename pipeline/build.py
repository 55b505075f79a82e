# SPDX-License-Identifier: Apache-2.0
"""Compiles a source: build.py NAME-VERSION PREFIX PROGRAM [ARGUMENT...]

Copies /src to /crosswheel/build/NAME-VERSION (a fixed, neutral path: some compilers write it into their results), makes /out/wheel
and PREFIX, and runs PROGRAM there without network and privileges, once a probe has found that the headers are the target's. /out/log gets what it printed, /out/timing.json
when it began and how long it took.

A rebuild, which is to show that a result does not depend on such things, sets CROSSWHEEL_UNLIKE to JSON: {"folder": where the source is
copied to, "user": the user-id, "umask": 63, "jobs": 1}, each of which may be left out.

It is part of every compile step's key: what it is made of must change only when the way of compiling does.
"""
import json
import os
import shutil
import subprocess
import sys
import time

OFFLINE = ["/usr/bin/python3", "/crosswheel/cross/offline.py", "/crosswheel/cross/offline.bpf"]
PYTHON = "/crosswheel/env/bin/python"
PROBE = [PYTHON, "/crosswheel/cross/probe.py"]
UNLIKE = json.loads(os.environ.pop("CROSSWHEEL_UNLIKE", "{}"))
USER = UNLIKE.get("user", 65534)
BUILD = UNLIKE.get("folder", "/crosswheel/build")


def give(path):
    os.makedirs(path, exist_ok=True)
    for folder, _, files in os.walk(path):
        for name in [folder, *(os.path.join(folder, file) for file in files)]:
            os.chown(name, USER, USER, follow_symlinks=False)


def parallel():
    """How many jobs a build may run, in every build system's words. Set here and not in the step, which it would tie to one machine."""
    jobs = str(UNLIKE.get("jobs", len(os.sched_getaffinity(0))))
    with open("/tmp/distutils.cfg", "w") as file:
        file.write(f"[build_ext]\nparallel = {jobs}\n")
    return {
        "MAKEFLAGS": "-j" + jobs,
        "CMAKE_BUILD_PARALLEL_LEVEL": jobs,
        "CARGO_BUILD_JOBS": jobs,
        "NPY_NUM_BUILD_JOBS": jobs,
        "DIST_EXTRA_CONFIG": "/tmp/distutils.cfg",
    }


def run(log, tree, *program):
    """The exit code of a program, as a shell has it."""
    process = subprocess.Popen(
        [*OFFLINE, str(USER), *program],
        cwd=tree, env={**os.environ, **parallel(), "CROSSWHEEL_BUILD": BUILD}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    for line in process.stdout:
        log.write(line)
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
    status = process.wait()
    return status if status >= 0 else 128 - status


def main(name, prefix, *program):
    os.umask(0o022)
    tree = os.path.join(BUILD, name)
    shutil.copytree("/src", tree, symlinks=True)
    for path in tree, "/out/wheel", prefix:
        give(path)
    os.umask(UNLIKE.get("umask", 0o022))
    started = time.time()
    with open("/out/log", "wb") as log:
        # A library has no Python.
        status = (run(log, tree, *PROBE) if os.path.exists(PYTHON) else 0) or run(log, tree, *program)
    with open("/out/timing.json", "w") as file:
        json.dump({"started": started, "seconds": round(time.time() - started, 1)}, file)
    sys.exit(status)


main(*sys.argv[1:])
