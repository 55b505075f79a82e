# SPDX-License-Identifier: Apache-2.0
# The target, for CMake: CMAKE_TOOLCHAIN_FILE. Flags come from the environment (CFLAGS, …), as for every build system.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR @MACHINE@)
set(CMAKE_SYSROOT @SYSROOT@)
set(CMAKE_C_COMPILER @CC@)
set(CMAKE_CXX_COMPILER @CXX@)
set(CMAKE_Fortran_COMPILER @FC@)
set(CMAKE_AR @AR@ CACHE FILEPATH "")
set(CMAKE_NM @NM@ CACHE FILEPATH "")
set(CMAKE_OBJCOPY @OBJCOPY@ CACHE FILEPATH "")
set(CMAKE_RANLIB @RANLIB@ CACHE FILEPATH "")
set(CMAKE_STRIP @STRIP@ CACHE FILEPATH "")
set(PKG_CONFIG_EXECUTABLE @CROSS@/bin/pkg-config CACHE FILEPATH "")

# Programs are the build machine's. All else is the sysroot's, a cross-built library's, or one of the source's build requirements.
file(GLOB libraries @ROOT@/libs/*)
set(CMAKE_FIND_ROOT_PATH @SYSROOT@ ${libraries} @ENV@)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# The native Python answers for the target's, whatever name a project asks by; its headers are the target's. FORCE, because
# scikit-build and others give what they believe themselves.
foreach(python Python Python3 PYTHON)
  set(${python}_EXECUTABLE @ENV@/bin/python CACHE FILEPATH "" FORCE)
  set(${python}_INCLUDE_DIR @SYSROOT@/usr/include/python@PYTHON@ CACHE PATH "" FORCE)
endforeach()
set(PYTHON_MODULE_EXTENSION @EXT_SUFFIX@ CACHE INTERNAL "")
list(INSERT CMAKE_MODULE_PATH 0 @CROSS@/cmake)
