# SPDX-License-Identifier: Apache-2.0
# CMake's own module, which asks the interpreter for the suffix of extension modules, but not while cross-compiling.
include(${CMAKE_ROOT}/Modules/Find@NAME@.cmake)
if(NOT @NAME@_SOABI)
  set(@NAME@_SOABI @SOABI@)
endif()
