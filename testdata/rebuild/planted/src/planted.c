#include <Python.h>
#include "found.h"

/* Between them there is what is the same each time. */
#define SAME(name) const char name[] = "the same in every build"

const char planted_date[] = __DATE__;
SAME(same1);
const char planted_folder[] = FOLDER;
SAME(same2);
const char planted_host[] = HOST;
SAME(same3);
const char planted_user[] = USER;
SAME(same4);
const char planted_files[][8] = FILES;
SAME(same5);
const char planted_set[][8] = SET;
SAME(same6);
const short planted_numbers[] = NUMBERS;

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "planted", NULL, -1, NULL};

PyMODINIT_FUNC PyInit_planted(void) { return PyModule_Create(&module); }
