import six
from _generator import LONG

SOURCE = six.ensure_str("""#include <Python.h>
#include <scale.h>

static PyObject *scaled(PyObject *self, PyObject *value) { return PyLong_FromLong(scale((int)PyLong_AsLong(value))); }
static PyMethodDef methods[] = {{"scale", scaled, METH_O, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_scale", NULL, -1, methods};
PyMODINIT_FUNC PyInit__scale(void) { return PyModule_Create(&module); }
""")
