# SPDX-License-Identifier: Apache-2.0
"""Runs a part of a source's own tests, on the target's own Python: pytests.py FOLDER ARGUMENT...

The folder holds the tests and nothing else of the source, so that they meet the installed package. They run in a copy of it: tests write.
"""
import os
import shutil
import sys

import pytest

WORDS = {
    pytest.ExitCode.USAGE_ERROR: "Wrong arguments\npytest does not take them, or finds no such file in the source: its words are above. Correct them.",
    pytest.ExitCode.NO_TESTS_COLLECTED: "Nothing to test\npytest finds no test by these arguments. Correct them, or take them away.",
}


def main(folder, *arguments):
    shutil.copytree(folder, "/tmp/tests")
    os.chdir("/tmp/tests")
    status = pytest.main(["-p", "no:cacheprovider", *arguments])
    if status in WORDS:
        sys.stdout.flush()
        print("the recipe's test.pytest: " + WORDS[status], file=sys.stderr)
    return int(status)


sys.exit(main(*sys.argv[1:]))
