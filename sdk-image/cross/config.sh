#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The target's @TOOL@: in what it says, the folders below /usr are the sysroot's. The compiler wrappers would see to that,
# but some build systems look for a library's file themselves, and would find the build machine's.
# What was cross-built lies beside the sysroot and says so: PKG_CONFIG_SYSROOT_DIR would look for it below the sysroot.
unset PKG_CONFIG_SYSROOT_DIR
said=$(@PROGRAM@ "$@") || exit
[ -z "$said" ] || printf '%s\n' "$said" |
	sed -E -e :again -e 's,(^|[[:space:]])(-I|-L|-isystem[[:space:]]*)(/usr|/lib)(/|[[:space:]]|$),\1\2@SYSROOT@\3\4,' -e t\ again
