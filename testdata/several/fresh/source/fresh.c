#define Py_LIMITED_API 0x03060000
#include <Python.h>
#include <stdlib.h>

static PyObject *answer(PyObject *self, PyObject *arguments) {
    return PyLong_FromLong(arc4random_uniform(1) + 42);
}

static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "fresh", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_fresh(void) { return PyModule_Create(&module); }
