/* Compiled, and never run: it fails where a type has not the size that the target's has. */
#include <Python.h>
#ifdef NUMPY
#include <numpy/numpyconfig.h>
#endif
#include <stddef.h>
#include <sys/types.h>
#include <time.h>
#include <wchar.h>
#define SAME(said, type) _Static_assert((said) == sizeof(type), #said " is not the size of " #type " on the target")
@SIZES@
SAME(SIZEOF_INT, int);
SAME(SIZEOF_LONG, long);
SAME(SIZEOF_LONG_LONG, long long);
SAME(SIZEOF_VOID_P, void *);
SAME(SIZEOF_SIZE_T, size_t);
SAME(SIZEOF_WCHAR_T, wchar_t);
SAME(SIZEOF_OFF_T, off_t);
SAME(SIZEOF_TIME_T, time_t);
#ifdef NUMPY
SAME(NPY_SIZEOF_LONG, long);
SAME(NPY_SIZEOF_PY_INTPTR_T, void *);
SAME(NPY_SIZEOF_LONGDOUBLE, long double);
#endif
