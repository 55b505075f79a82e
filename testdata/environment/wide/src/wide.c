#include <Python.h>
#include <numpy/arrayobject.h>
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "wide"};
PyMODINIT_FUNC PyInit_wide(void) {
	import_array();
	PyObject *made = PyModule_Create(&module);
	PyModule_AddIntConstant(made, "size", sizeof(npy_intp));
	return made;
}
