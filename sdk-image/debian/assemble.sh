#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Assembles an SDK in the layout that Buildroot's `make sdk` leaves, from Debian's cross compiler and the packages
# of a foreign architecture. Runs as root in a container of the same Debian release. No maintainer script runs.
#
#   assemble.sh TRIPLE DEBIAN-ARCH GCC-MAJOR OUT PACKAGE…
#
# OUT/bin/TRIPLE-gcc, OUT/TRIPLE/sysroot, OUT/share/buildroot/{sdk-location,packages}, OUT/relocate-sdk.sh
set -eu
triple=$1 arch=$2 major=$3 out=$4
shift 4
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
sysroot=$out/$triple/sysroot
mkdir -p "$out/bin" "$out/lib" "$out/share/buildroot" "$sysroot"

# The compiler: Debian's own packages, moved under one folder. Its libc is left out: the sysroot has the target's.
# Only the release itself is asked, not its security and update suites: it changes at point releases alone, so that
# the same firmware comes out on other days.
. /etc/os-release
own=$(mktemp -d)
mkdir -p "$own/lists/partial" "$own/archives/partial"
: >"$own/status"
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | grep -v '^ *#' | grep -oE '[a-z+]+:/[^ ]+' | head -n 1)
echo "deb $mirror $VERSION_CODENAME main" >"$own/sources.list"
apt="apt-get -q -y -o Acquire::Retries=5 -o APT::Install-Recommends=false -o APT::Sandbox::User=root
	-o Dir::Etc::sourcelist=$own/sources.list -o Dir::Etc::sourceparts=- -o Acquire::Languages=none"
$apt update
$apt install -o Dpkg::Use-Pty=0 "gcc-$major-$triple" "g++-$major-$triple" "gfortran-$major-$triple" binutils patchelf
for package in $(dpkg-query -W -f '${Package}\n' | grep -E -- "-$triple\$|-$triple-base\$|-$arch-cross\$|^binutils-$triple"); do
	case $package in libc6* | linux-libc-dev*) continue ;; esac
	dpkg-query -W -f '${Package} ${Version} ${Architecture}\n' "$package" >>"$own/packages"
	dpkg -L "$package" | while read -r file; do
		{ [ -f "$file" ] || [ -L "$file" ]; } || continue
		case $file in
		/usr/share/*) continue ;;
		/usr/lib/x86_64-linux-gnu/*) to=$out/lib/${file#/usr/lib/x86_64-linux-gnu/} ;;
		/usr/*) to=$out/${file#/usr/} ;;
		*) continue ;;
		esac
		mkdir -p "${to%/*}"
		cp -a "$file" "$to"
	done
done

# The compiler's own libraries travel with it, found by $ORIGIN (as RPATH: a RUNPATH would not serve the libraries' own needs): the SDK runs on any x86_64 Linux of this glibc or a newer one.
programs=$(find "$out" -type f -perm -u+x ! -name '*.so*' -exec sh -c 'head -c 20 "$1" | od -An -tx1 | tr -d " \n" | grep -q "^7f454c4602.*3e00$" && echo "$1"' sh {} \;)
for program in $programs; do
	ldd "$program" 2>/dev/null | sed -n 's/.* => \(\/[^ ]*\) .*/\1/p' | while read -r library; do
		case ${library##*/} in
		libc.so.* | libm.so.* | libdl.so.* | libpthread.so.* | ld-linux*) ;;
		*) [ -e "$out/lib/${library##*/}" ] || cp -L "$library" "$out/lib/" ;;
		esac
	done
done
for program in $programs; do
	strip --strip-unneeded "$program" # bullseye's compiler has half a gigabyte of symbols
	up=$(dirname "${program#"$out"/}" | sed 's,[^/][^/]*,..,g')
	patchelf --force-rpath --set-rpath "\$ORIGIN/$up/lib" "$program"
done

# As Buildroot's toolchain-wrapper does, the compiler's plain name knows its sysroot wherever the SDK lies.
for tool in gcc g++ cpp gfortran; do
	mv "$out/bin/$triple-$tool-$major" "$out/bin/$triple-$tool.br_real"
	cat >"$out/bin/$triple-$tool" <<-EOF
		#!/bin/sh
		here=\$(CDPATH= cd -- "\$(dirname -- "\$0")" && pwd)
		exec "\$here/$triple-$tool.br_real" --sysroot="\$here/../$triple/sysroot" "\$@"
	EOF
	chmod 755 "$out/bin/$triple-$tool"
done

# The sysroot: an apt of its own that knows only the foreign architecture and believes that nothing is installed.
foreign="$apt -o APT::Architecture=$arch -o APT::Architectures=$arch -o Dir::State::Lists=$own/lists
	-o Dir::State::status=$own/status -o Dir::Cache::archives=$own/archives -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache="
$foreign update
$foreign install --download-only "$@"
mkdir -p "$sysroot/usr/bin" "$sysroot/usr/sbin" "$sysroot/usr/lib" "$sysroot/tmp"
for link in bin sbin lib; do ln -s "usr/$link" "$sysroot/$link"; done
for deb in "$own"/archives/*.deb; do
	dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$sysroot"
	dpkg-deb -W --showformat='${Package} ${Version} ${Architecture}\n' "$deb" >>"$own/packages"
done
sort "$own/packages" >"$out/share/buildroot/packages"

# Of the scripts that did not run, what makes links between alternatives is needed: libopenblas.so is one.
for deb in "$own"/archives/*.deb; do
	dpkg-deb --ctrl-tarfile "$deb" | tar -xO ./postinst 2>/dev/null | sed -e ':join' -e '/\\$/{N;s/\\\n//;b join' -e '}' |
		sed -n 's,^[[:space:]]*update-alternatives \(--install /[^$`]*\)$,\1,p' | while read -r arguments; do
		echo "$arguments" | xargs update-alternatives --quiet --root "$sysroot"
	done
done
rm -rf "$own" "$sysroot/usr/share/doc" "$sysroot/usr/share/man" "$sysroot/usr/share/locale" "$sysroot/usr/share/info" \
	"$sysroot/usr/share/lintian" "$sysroot/var/cache" "$sysroot/var/lib/dpkg" "$sysroot/var/log/alternatives.log"

# Inside a sysroot an absolute link dangles, and the linker then takes a static library in silence: make every link relative.
find "$out" -type l | while read -r link; do
	target=$(readlink "$link")
	case $target in /*) ;; *) continue ;; esac
	root=$sysroot
	case $link in "$sysroot"/*) ;; *) root=$out target=${target#/usr} ;; esac
	ln -sfn "$(realpath -m -s --relative-to="${link%/*}" "$root$target")" "$link"
done

echo "$out" >"$out/share/buildroot/sdk-location"
: >"$out/share/buildroot/sdk-relocs"
cat >"$out/relocate-sdk.sh" <<'EOF'
#!/bin/sh
# This SDK finds its own place: there is nothing to rewrite.
cd "$(dirname "$0")" && pwd >share/buildroot/sdk-location
EOF
chmod 755 "$out/relocate-sdk.sh"
