#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The target's compiler, whatever a package says of the build machine: -I/usr/include… and -L/usr/lib… mean the
# sysroot's folders of that name (the native Python's own header folder is the usual one; an SDK may bring a native
# Python along), and no path of this build gets into the result. Buildroot's own wrapper refuses such folders; a package's
# setup.py cannot know that.
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
	@SDK@/lib/gcc/* | @SDK@/usr/lib/gcc/*) ;;
	@SDK@/include | @SDK@/include/* | @SDK@/lib | @SDK@/lib/* | @SDK@/usr/include | @SDK@/usr/include/* | @SDK@/usr/lib | @SDK@/usr/lib/*)
		inner=${path#@SDK@}
		moved=${argument%"$path"}@SYSROOT@/usr${inner#/usr}
		say "${flag:+$flag }$argument" "${flag:+$flag }$moved"
		argument=$moved ;;
	/usr/include | /usr/include/* | /usr/lib | /usr/lib/* | /lib | /lib/* | /usr/local/include | /usr/local/include/* | /usr/local/lib | /usr/local/lib/*)
		moved=${argument%"$path"}@SYSROOT@$path
		say "${flag:+$flag }$argument" "${flag:+$flag }$moved"
		argument=$moved ;;
	esac
	set -- "$@" ${flag:+"$flag"} "$argument"
	flag=
done
[ -x @SDK@/bin/@PREFIX@-@TOOL@ ] || {
	echo "@TRIPLE@-@TOOL@: the SDK of this target has no such compiler" >&2
	exit 127
}
exec @SDK@/bin/@PREFIX@-@TOOL@ @PREFIX_MAP@=@ROOT@/= @PREFIX_MAP@="${CROSSWHEEL_BUILD:-@ROOT@/build}"/= @PREFIX_MAP@=@SYSROOT@= "$@" ${flag:+"$flag"}
