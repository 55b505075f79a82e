#include <pybind11/pybind11.h>
PYBIND11_MODULE(bound, module) { module.attr("size") = sizeof(long); }
