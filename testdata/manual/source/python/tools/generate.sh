#!/bin/sh
# Writes the extension module: a generator would.
cat >generated.c <<'EOT'
#include <Python.h>
#include <filter.h>

static PyObject *half(PyObject *self, PyObject *value)
{
    long n = PyLong_AsLong(value);
    return PyErr_Occurred() ? NULL : PyLong_FromLong(filter_half((int)n));
}

static PyMethodDef methods[] = {{"half", half, METH_O, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_filter", NULL, -1, methods};

PyMODINIT_FUNC PyInit__filter(void) { return PyModule_Create(&module); }
EOT
