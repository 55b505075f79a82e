#include <Python.h>
#include <math.h>
#include <zlib.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "plain"};
PyMODINIT_FUNC PyInit_plain(void) {
	PyObject *made = PyModule_Create(&module);
	PyModule_AddStringConstant(made, "zlib", zlibVersion());
	PyModule_AddIntConstant(made, "eight", (long)ldexpf(1, 3));
	return made;
}
