#include <Python.h>

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_generator", NULL, -1, NULL};

PyMODINIT_FUNC PyInit__generator(void)
{
    PyObject *m = PyModule_Create(&module);
    if (m)
        PyModule_AddIntConstant(m, "LONG", sizeof(long));
    return m;
}
