#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes the ELF files of this folder anew. The tests need none of the tools: only who changes a file does.
# On Debian 12:  apt-get install gcc gcc-arm-linux-gnueabihf && sh make.sh
#
#   sysroot/   a target in small: a Python program, a C library of GLIBC_2.4 to GLIBC_2.36, and two more libraries
#   *.so       extension modules and libraries, each with one property that the audit must see
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
lib=sysroot/usr/lib/arm-linux-gnueabihf
rm -rf sysroot ./*.so
mkdir -p $lib sysroot/usr/bin "$work/new"

small="-nostdlib -fno-builtin -Os -s -fno-asynchronous-unwind-tables -Wl,--build-id=none,-z,norelro,-z,max-page-size=4096,-z,noexecstack,--no-as-needed"
arm() { arm-linux-gnueabihf-gcc $small "$@"; }

# library FILE SONAME SOURCE VERSIONS: a library with symbol versions
library() {
    echo "$3" >"$work/l.c"
    echo "$4" >"$work/l.map"
    arm -shared -fPIC -Wl,-soname,"$2",--version-script="$work/l.map" -o "$1" "$work/l.c"
}

# module FILE SOURCE LINK...: a Python extension module called spam
module() {
    file=$1
    echo "extern int PyModule_Create2(void*,int); $2" >"$work/m.c"
    shift 2
    arm -shared -fPIC -o "$file" "$work/m.c" "$@"
}

library $lib/libc.so.6 libc.so.6 'void memcpy(void){} void fstat64(void){} void newest(void){} void __inside(void){}' \
    'GLIBC_2.4 { global: memcpy; local: *; }; GLIBC_2.33 { fstat64; } GLIBC_2.4; GLIBC_2.36 { newest; } GLIBC_2.33; GLIBC_PRIVATE { __inside; };'
library $lib/libm.so.6 libm.so.6 'float ldexpf(float x,int n){return x;}' 'GLIBC_2.4 { global: ldexpf; local: *; };'
library $lib/libplus.so.1 libplus.so.1 'void plus(void){}' 'PLUS_1 { global: plus; local: *; };'
echo 'int PyModule_Create2(void*m,int v){return 0;} void _start(void){}' >"$work/p.c"
arm -fPIE -pie -rdynamic -Wl,--dynamic-linker=/lib/ld-linux-armhf.so.3 -o sysroot/usr/bin/python3.11 "$work/p.c" $lib/libc.so.6
# Newer libraries, as on a build machine. They are linked against, and not kept.
library "$work/new/libc.so.6" libc.so.6 'void memcpy(void){} void __isoc23_strtol(void){}' \
    'GLIBC_2.4 { global: memcpy; local: *; }; GLIBC_2.38 { __isoc23_strtol; } GLIBC_2.4;'
library "$work/new/libplus.so.1" libplus.so.1 'void plus(void){} void plusplus(void){}' \
    'PLUS_1 { global: plus; local: *; }; PLUS_2 { plusplus; } PLUS_1;'
library "$work/libabsent.so.1" libabsent.so.1 'void absent(void){}' 'ABSENT_1 { global: absent; local: *; };'
library libeggs.so libeggs-1.so 'void eggs(void){}' 'EGGS_1 { global: eggs; local: *; };'

body='extern float ldexpf(float,int); extern void memcpy(void); extern void maybe(void) __attribute__((weak));
      int PyInit_spam(void){memcpy(); if(maybe)maybe(); return PyModule_Create2(0,(int)ldexpf(1,2));}'
module good.so "$body" $lib/libm.so.6 $lib/libc.so.6
# What a dangling libm.so does: libm.a is taken, and its inside asks for names that libm.so.6 keeps to itself.
module unresolved.so "extern float __ldexpf(float,int); int PyInit_spam(void){return PyModule_Create2(0,(int)__ldexpf(1,2));}" $lib/libm.so.6 $lib/libc.so.6
module newglibc.so 'extern void __isoc23_strtol(void); int PyInit_spam(void){__isoc23_strtol(); return PyModule_Create2(0,0);}' "$work/new/libc.so.6"
module private.so 'extern void __inside(void); int PyInit_spam(void){__inside(); return PyModule_Create2(0,0);}' $lib/libc.so.6
module newversion.so 'extern void plusplus(void); int PyInit_spam(void){plusplus(); return PyModule_Create2(0,0);}' "$work/new/libplus.so.1"
module needed.so 'extern void absent(void); int PyInit_spam(void){absent(); return PyModule_Create2(0,0);}' "$work/libabsent.so.1"
library "$work/libstdc++.so.6" libstdc++.so.6 'void newcxx(void){}' 'GLIBCXX_3.4.30 { global: newcxx; local: *; };'
module newcxx.so 'extern void newcxx(void); int PyInit_spam(void){newcxx(); return PyModule_Create2(0,0);}' "$work/libstdc++.so.6"
library "$work/libyaml-0.so.2" libyaml-0.so.2 'void yaml(void){}' 'YAML { global: yaml; local: *; };'
module yaml.so 'extern void yaml(void); int PyInit_spam(void){yaml(); return PyModule_Create2(0,0);}' "$work/libyaml-0.so.2"
module eggs.so 'extern void eggs(void); int PyInit_spam(void){eggs(); return PyModule_Create2(0,0);}' libeggs.so -Wl,-rpath,'$ORIGIN/spam.libs'
module eggsnopath.so 'extern void eggs(void); int PyInit_spam(void){eggs(); return PyModule_Create2(0,0);}' libeggs.so
module rpath.so 'int PyInit_spam(void){return PyModule_Create2(0,0);}' -Wl,-rpath,'/home/builder/lib:$ORIGIN/../../lib'
echo 'int x; int *p=&x; extern int PyModule_Create2(void*,int); int PyInit_spam(void){return PyModule_Create2(&x,*p);}' >"$work/t.c"
arm -shared -fno-pic -Wl,-z,notext -o textrel.so "$work/t.c"
echo 'int PyInit_spam(void){return 0;}' >"$work/x.c"
gcc $small -shared -fPIC -Wl,-z,noseparate-code -o x86_64.so "$work/x.c"
