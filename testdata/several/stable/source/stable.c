#define Py_LIMITED_API 0x03060000
#include <Python.h>

/* Which compiler made it, so that no two targets' wheels are the same. */
const char stable_compiler[] = __VERSION__;

static PyObject *answer(PyObject *self, PyObject *arguments) {
    return PyLong_FromLong(stable_compiler[0] ? 42 : 0);
}

static PyMethodDef methods[] = {{"answer", answer, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "stable", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit_stable(void) { return PyModule_Create(&module); }
