import getpass
import os
import random
import socket
import time

from setuptools import Extension, setup

numbers = list(range(40))
random.shuffle(numbers)


def texts(values):
    return "{" + ", ".join('"%s"' % value for value in values) + "}"


with open("found.h", "w") as file:
    file.write(
        f"""
#define FOLDER "{os.getcwd()}"
#define HOST "{socket.gethostname()}"
#define USER "{getpass.getuser()}"
#define FILES {texts(os.listdir("names"))}
#define SET {texts({"red", "green", "blue", "white", "black", "brown"})}
#define NUMBERS {{{", ".join(map(str, numbers))}}}
"""
    )
with open("built.py", "w") as file:
    file.write(f"name = 'planted'\non = '{time.ctime()}'\n")

setup(name="planted", version="1.0", py_modules=["built"], ext_modules=[Extension("planted", ["planted.c"])])
