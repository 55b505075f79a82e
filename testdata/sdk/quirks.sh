#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Packs the SDK at /crosswheel/sdk, which is Debian's, with what SDKs of Buildroot have and it has not, as /out/sdk.tar.gz.
set -eu
sdk=/home/maker/output/host triple=arm-linux-gnueabihf folder=arm-buildroot-linux-gnueabihf python=python3.11
mkdir -p /home/maker/output /out
cp -a /crosswheel/sdk $sdk
cd $sdk

# The sysroot's folder is not called like the compiler. Folders lead back to where they are.
mkdir $folder
mv $triple/sysroot $folder/
sed -i "s,/$triple/sysroot,/$folder/sysroot," bin/$triple-gcc bin/$triple-g++ bin/$triple-cpp bin/$triple-gfortran
ln -s . usr
ln -s lib lib64
root=$folder/sysroot
ln -s usr/lib $root/lib32
ln -s ../tmp/resolv.conf $root/etc/resolv.conf
ln -sf /usr/lib/$triple/libz.so.1 $root/usr/lib/$triple/libz.so

# The compiler refuses folders of the build machine, and adds hardening.
sed -i "2i for argument do case \$argument in -[IL]/usr/include* | -[IL]/usr/lib* | -[IL]/lib* | -[IL]/usr/local*) echo \"unsafe header/library path used in cross-compilation: '\$argument'\" >&2; exit 1 ;; esac; done" bin/$triple-gcc

# The target's build settings are full of the machine that they were made on, and lead to folders that are not there.
cat >>$root/usr/lib/$python/_sysconfigdata__$triple.py <<-EOF
	build_time_vars.update(
	    CC="$sdk/bin/$triple-gcc -I/home/maker/output/build/python", LDSHARED="$sdk/bin/$triple-gcc -shared -L/home/maker/output/build",
	    CFLAGS="-O0 -g3 -DLEAKED -I$sdk/include", BLDSHARED="$sdk/bin/$triple-gcc -shared", LIBDIR="/usr/lib", INCLUDEPY="/usr/include/$python",
	    PYTHON_FOR_BUILD="/home/maker/output/build/host-python3/python", abs_builddir="/home/maker/output/build/python3")
EOF
mkdir -p $root/usr/lib/pkgconfig
echo "prefix=$sdk/$root/usr" >$root/usr/lib/pkgconfig/made.pc

# The target's Python was made without what pip needs, and without ssl.
rm -r $root/usr/lib/$python/xml
rm -f $root/usr/lib/$python/lib-dynload/_ssl.*

# A Python of its own, without pip, setuptools and ssl, beside the headers of this machine.
cp /usr/bin/$python bin/
ln -s $python bin/python3
cp -a /usr/lib/$python lib/
rm -rf lib/$python/lib-dynload/_ssl.* lib/$python/sitecustomize.py lib/$python/dist-packages lib/$python/ensurepip
mkdir -p include/$python
echo '#error "LONG_BIT definition appears wrong for platform: these are headers of the build machine"' >include/$python/Python.h

# Text files are found by the program file, as before Buildroot 2026.02.
echo $sdk >share/buildroot/sdk-location
rm share/buildroot/sdk-relocs
cat >relocate-sdk.sh <<-'EOF'
	#!/bin/sh
	cd "$(dirname "$(readlink -f "$0")")"
	old=$(cat share/buildroot/sdk-location)
	grep -lr "$old" . | while read -r name; do
		if file -b --mime-type "$name" | grep -q '^text/'; then sed -i "s|$old|$PWD|g" "$name"; fi
	done
	echo "$PWD" >share/buildroot/sdk-location
EOF
tar -C /home/maker/output --transform 's,^host,any-name,' -c host | gzip -1 >/out/sdk.tar.gz
