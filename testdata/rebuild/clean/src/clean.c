#include <Python.h>
#include <assert.h>

const char clean_file[] = __FILE__;

static PyObject *check(PyObject *self, PyObject *value)
{
	assert(value != self);
	Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"check", check, METH_O, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "clean", NULL, -1, methods};

PyMODINIT_FUNC PyInit_clean(void) { return PyModule_Create(&module); }
