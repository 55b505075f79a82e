"""The target Python's build settings as a native Python must see them to compile for it.

Paths lead into the sysroot, compilers are the wrappers, and flags are those that an extension module needs: what
the target's Python itself was compiled with (folders of the machine that built it, hardening, debug information) is no
business of a package. Environment variables are the only other source of flags.
"""
import runpy

build_time_vars = runpy.run_path("@SYSCONFIGDATA@")["build_time_vars"]

for _name in "INCLUDEPY", "CONFINCLUDEPY", "INCLUDEDIR", "CONFINCLUDEDIR", "LIBDIR", "LIBPC", "LIBPL", "LIBDEST", "BINLIBDEST", "DESTSHARED":
    _value = build_time_vars.get(_name)
    if isinstance(_value, str) and _value.startswith("/") and not _value.startswith("@SYSROOT@"):
        build_time_vars[_name] = "@SYSROOT@" + _value

for _name in "BASECFLAGS", "CPPFLAGS", "CONFIGURE_CFLAGS", "CONFIGURE_CPPFLAGS", "CONFIGURE_LDFLAGS", "LDFLAGS", "PY_CFLAGS", "PY_CPPFLAGS", "PY_LDFLAGS", "PY_CORE_CFLAGS", "PY_CORE_LDFLAGS", "LIBS":
    if _name in build_time_vars:
        build_time_vars[_name] = ""

build_time_vars.update(
    CC="@CROSS@/bin/@TRIPLE@-gcc",
    CXX="@CROSS@/bin/@TRIPLE@-g++",
    LDSHARED="@CROSS@/bin/@TRIPLE@-gcc -shared",
    LDCXXSHARED="@CROSS@/bin/@TRIPLE@-g++ -shared",
    BLDSHARED="@CROSS@/bin/@TRIPLE@-gcc -shared",
    AR="@SDK@/bin/@PREFIX@-ar",
    ARFLAGS="rcs",
    RANLIB="@SDK@/bin/@PREFIX@-ranlib",
    OPT="-DNDEBUG -O2 -Wall",
    CFLAGS="-fwrapv -DNDEBUG -O2 -Wall",
    CCSHARED="-fPIC",
    EXT_SUFFIX="@EXT_SUFFIX@",
    # Where sysconfig.get_path("include") begins: meson and scikit-build ask that, and the native Python's headers are of another size.
    installed_base="@SYSROOT@/usr",
    installed_platbase="@SYSROOT@/usr",
)
