#include <Python.h>

static PyObject *answer(PyObject *self, PyObject *unused) { return PyLong_FromLong(42); }

static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, "The answer."}, {NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "slow", NULL, -1, methods};

PyMODINIT_FUNC PyInit_slow(void) { return PyModule_Create(&module); }
