# SPDX-License-Identifier: Apache-2.0
"""Runs a program without network and without privileges: offline.py FILTER USER-ID PROGRAM [ARGUMENT...]

FILTER is a file that holds a seccomp program (an array of struct sock_filter) in base 64.
Whatever the program starts inherits both.
"""
import base64
import ctypes
import os
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2


class Filter(ctypes.Structure):  # struct sock_fprog
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]


def main(path, user, program, *arguments):
    with open(path, "rb") as file:
        code = base64.b64decode(file.read())
    os.setgroups([])
    os.setgid(int(user))
    os.setuid(int(user))
    libc = ctypes.CDLL(None, use_errno=True)
    filter = Filter(len(code) // 8, code)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter), 0, 0
    ):
        sys.exit("offline.py: the kernel refused the seccomp filter: " + os.strerror(ctypes.get_errno()))
    os.execvp(program, [program, *arguments])


main(*sys.argv[1:])
