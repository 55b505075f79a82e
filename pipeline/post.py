# SPDX-License-Identifier: Apache-2.0
"""Runs a script in an unpacked wheel, and packs it again: post.py WHEELS SCRIPT

The wheel is the one in the folder WHEELS; where there is none, the working directory is an unpacked one. RECORD is not
written anew: the finish step does that.
"""
import glob
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile


def main(wheels, script):
    built = glob.glob(wheels + "/*.whl")
    if len(built) > 1:
        sys.exit(f"post.py: {len(built)} wheels were built, want one: {built}")
    tree = tempfile.mkdtemp() if built else os.getcwd()
    if built:
        shutil.unpack_archive(built[0], tree, "zip")
    status = subprocess.run(["sh", "-eu", script], cwd=tree).returncode
    if status != 0:
        sys.exit(f"post.py: the recipe's post failed: exit code {status}")
    name = built[0] if built else wheels + "/repacked.whl"
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder, _, files in os.walk(tree):
            for file in files:
                path = os.path.join(folder, file)
                archive.write(path, os.path.relpath(path, tree))


main(*sys.argv[1:])
