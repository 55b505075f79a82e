// SPDX-License-Identifier: Apache-2.0

package pipeline

import "crosswheel/internal/step"

// renamed shows pip our wheels of manylinux tags under the name that they have without. Of compiled wheels pip is to choose ours alone, and it knows
// them by the platform linux_ARCH, which the package index has none of; on the target they have their own names again.
type renamed struct {
	off     bool // the target has no manylinux tags
	folders []string
}

// shown is where pip sees what lies in a folder of ours.
const shown = "/shown"

// at adds a folder of our wheels, and says where pip sees it.
func (r *renamed) at(folder string) string {
	if r.off {
		return folder
	}
	r.folders = append(r.folders, folder)
	return shown + folder
}

// around is what is run for a command that downloads.
func (r *renamed) around(download []string) [][]string {
	if r.off {
		return [][]string{download}
	}
	return [][]string{
		append([]string{"sh", "-euc", showScript, "show"}, r.folders...), download,
		append([]string{"sh", "-euc", restoreScript, "restore"}, r.folders...),
	}
}

const (
	showScript = `for folder do
	mkdir -p ` + shown + `$folder
	for wheel in $folder/*.whl; do
		cp $wheel ` + shown + `$folder/$(basename $wheel | sed 's/-manylinux_2_[0-9]*_/-linux_/')
	done
done`
	restoreScript = `for folder do
	for wheel in $folder/*.whl; do
		taken=` + step.Out + `/wheels/$(basename $wheel | sed 's/-manylinux_2_[0-9]*_/-linux_/')
		if [ -e $taken ]; then rm $taken; cp $wheel ` + step.Out + `/wheels; fi
	done
done`
)
