// SPDX-License-Identifier: Apache-2.0

package sdkimage

import "crosswheel/internal/dagger"

// Tarball is the image's SDK as `make sdk` of Buildroot packs one: the same bytes whenever it is packed.
func (i *Image) Tarball() *dagger.File {
	name := i.Target.Triple + "_sdk-buildroot"
	const packed = "/out/sdk.tar.gz"
	return i.Tools.
		WithMountedDirectory("/sdk/"+name, i.SDK).
		WithExec([]string{"sh", "-euc", `
			mkdir -p /out
			tar -C /sdk --sort=name --format=gnu --owner=0 --group=0 --numeric-owner --mtime=@946684800 -c "$1" | gzip -n -1 >"$2"
		`, "tarball", name, packed}).
		File(packed)
}
