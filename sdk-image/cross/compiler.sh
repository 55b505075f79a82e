#!/bin/sh
# The target's compiler, whatever a package says of the build machine: -I/usr/include… and -L/usr/lib… mean the
# sysroot's folders of that name (the native Python's own header folder is the usual one), and no path of this build
# gets into the result. Buildroot's own wrapper refuses such folders; a package's setup.py cannot know that.
# CROSSWHEEL_WRAPPER=1 prints each argument that was moved or dropped.
moved() {
	[ -z "$CROSSWHEEL_WRAPPER" ] || echo "@TRIPLE@-@TOOL@: $1 -> ${2:-dropped}" >&2
}
next=
for argument do
	shift
	flag= path=$argument
	if [ -n "$next" ]; then
		next=
	else
		case $argument in
		-I | -L | -isystem | -iquote | -idirafter) next=1 path= ;;
		-I*) flag=-I path=${argument#-I} ;;
		-L*) flag=-L path=${argument#-L} ;;
		*) path= ;;
		esac
	fi
	case $path in
	/usr/lib/x86_64-linux-gnu* | /lib/x86_64-linux-gnu* | /usr/include/x86_64-linux-gnu*)
		# A flag that stands alone has been passed on already: give it the sysroot, which is searched in any case.
		moved "$argument" "${flag:+}"
		[ -n "$flag" ] && continue
		argument=@SYSROOT@/usr/include ;;
	/usr/include | /usr/include/* | /usr/lib | /usr/lib/* | /lib | /lib/* | /usr/local/include | /usr/local/include/* | /usr/local/lib | /usr/local/lib/*)
		moved "$argument" "$flag@SYSROOT@$path"
		argument=$flag@SYSROOT@$path ;;
	esac
	set -- "$@" "$argument"
done
exec @SDK@/bin/@TRIPLE@-@TOOL@ -ffile-prefix-map=@ROOT@/= -ffile-prefix-map=@ROOT@/build/= -ffile-prefix-map=@SYSROOT@= "$@"
