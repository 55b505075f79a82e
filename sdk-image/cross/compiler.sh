#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The target's compiler, whatever a package says of the build machine: -I/usr/include… and -L/usr/lib… mean the
# sysroot's folders of that name (the native Python's own header folder is the usual one), and no path of this build
# gets into the result. Buildroot's own wrapper refuses such folders; a package's setup.py cannot know that.
# CROSSWHEEL_WRAPPER=1 prints each argument that was moved or dropped.
say() {
	[ -z "$CROSSWHEEL_WRAPPER" ] || printf '%s\n' "@TRIPLE@-@TOOL@: $1 -> $2" >&2
}
flag= # one that waits for its folder, in the next argument
for argument do
	shift
	path=$argument
	if [ -z "$flag" ]; then
		case $argument in
		-I | -L | -isystem | -iquote | -idirafter)
			flag=$argument
			continue ;;
		-I*) path=${argument#-I} ;;
		-L*) path=${argument#-L} ;;
		-isystem*) path=${argument#-isystem} ;;
		-iquote*) path=${argument#-iquote} ;;
		-idirafter*) path=${argument#-idirafter} ;;
		*) path= ;;
		esac
	fi
	case $path in
	/usr/lib/x86_64-linux-gnu* | /lib/x86_64-linux-gnu* | /usr/include/x86_64-linux-gnu* | /usr/lib64* | /lib64*)
		say "${flag:+$flag }$argument" dropped
		flag=
		continue ;;
	/usr/include | /usr/include/* | /usr/lib | /usr/lib/* | /lib | /lib/* | /usr/local/include | /usr/local/include/* | /usr/local/lib | /usr/local/lib/*)
		moved=${argument%"$path"}@SYSROOT@$path
		say "${flag:+$flag }$argument" "${flag:+$flag }$moved"
		argument=$moved ;;
	esac
	set -- "$@" ${flag:+"$flag"} "$argument"
	flag=
done
exec @SDK@/bin/@TRIPLE@-@TOOL@ -ffile-prefix-map=@ROOT@/= -ffile-prefix-map=@ROOT@/build/= -ffile-prefix-map=@SYSROOT@= "$@" ${flag:+"$flag"}
