// SPDX-License-Identifier: Apache-2.0

package enginetest

import (
	"os"
	"path/filepath"
	"testing"
)

// hostTree makes a folder on the host: top.txt, d/f, d/g.log, link.
func hostTree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, "top.txt", "top")
	write(t, dir, "d/f", "f")
	write(t, dir, "d/g.log", "g")
	if err := os.Symlink("d/f", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	p := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestHostDirectory(t *testing.T) {
	t.Parallel()
	c := engine(t)
	d := c.Host().Directory(hostTree(t))
	ways := map[string]*directory{ // read from the disk, and through the daemon
		"host":   d,
		"daemon": c.Directory().WithDirectory("/", d),
	}
	for way, d := range ways {
		equalList(t, way+": entries", entries(t, d), "d/", "link", "top.txt")
		equalList(t, way+": glob", glob(t, d, "**/*.log"), "d/g.log")
		equal(t, way+": file", contents(t, d.File("d/f")), "f")
		equal(t, way+": file in a directory", contents(t, d.Directory("d").File("f")), "f")
		filtered := d.Filter(directoryFilterOpts{Include: []string{"d"}, Exclude: []string{"**/*.log"}})
		equalList(t, way+": filter", glob(t, filtered, "**"), "d/", "d/f")
		equalList(t, way+": directory of a filter", entries(t, filtered.Directory("d")), "f")
		equal(t, way+": file of a filter", contents(t, filtered.File("d/f")), "f")
		_, err := filtered.File("d/g.log").Contents(t.Context())
		errorHas(t, way+": what a filter leaves out", err, "g.log")
		equal(t, way+": mounted part", stdout(t, base(c).WithMountedDirectory("/m", filtered.Directory("d")), "ls /m"), "f\n")
		equal(t, way+": link", stdout(t, base(c).WithMountedDirectory("/m", d), "readlink /m/link; cat /m/link"), "d/f\nf")
	}
	some := c.Host().Directory(hostTree(t), hostDirectoryOpts{Include: []string{"d/**"}, Exclude: []string{"d/f"}})
	equalList(t, "options", glob(t, some, "**"), "d/", "d/g.log")
}

func TestHostFilesCountByContent(t *testing.T) {
	t.Parallel()
	c := engine(t)
	one, two := hostTree(t), hostTree(t)
	with := fresh(c)
	first := id(t, with.WithMountedDirectory("/m", c.Host().Directory(one)))
	same(t, "another folder", id(t, with.WithMountedDirectory("/m", c.Host().Directory(two))), first)
	write(t, one, "top.txt", "pot") // the same size
	differ(t, "changed", id(t, with.WithMountedDirectory("/m", c.Host().Directory(one))), first)
	write(t, one, "top.txt", "top")
	same(t, "changed back", id(t, with.WithMountedDirectory("/m", c.Host().Directory(one))), first)
}

func TestRootfsFromTheHost(t *testing.T) {
	t.Parallel()
	c := engine(t)
	dir := t.TempDir()
	if _, err := base(c).Directory("/usr/lib/x86_64-linux-gnu").Filter(directoryFilterOpts{Include: []string{"libc.so.6", "ld-*"}}).Export(t.Context(), dir+"/lib64"); err != nil {
		t.Fatal(err)
	}
	if _, err := base(c).File("/bin/dash").Export(t.Context(), dir+"/bin/sh"); err != nil {
		t.Fatal(err)
	}
	root := c.Container().WithRootfs(c.Host().Directory(dir)).WithEnvVariable("LD_LIBRARY_PATH", "/lib64")
	equal(t, "runs", stdout(t, root, "echo /bin/*"), "/bin/sh\n")
	// A root without the files that every exec gets shows no trace of them afterwards.
	ran := root.WithExec(sh("echo x > /made"))
	left := glob(t, root.Rootfs().Diff(ran.Rootfs()).Filter(directoryFilterOpts{Exclude: []string{"dev", "proc", "sys"}}), "**")
	equalList(t, "what an exec leaves", left, "made")
}

func TestCurrentModule(t *testing.T) {
	needEngine(t)
	dir := hostTree(t)
	write(t, dir, "dagger.json", "{}")
	scratch := t.TempDir()
	write(t, scratch, "step", "#!/bin/sh\n")
	t.Chdir(scratch)
	c, err := connect(t.Context(), withWorkdir(filepath.Join(dir, "d")))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	equal(t, "source", contents(t, c.CurrentModule().Source().File("top.txt")), "top")
	equal(t, "file of the working directory", contents(t, c.CurrentModule().WorkdirFile("step")), "#!/bin/sh\n")
	equalList(t, "working directory", entries(t, c.CurrentModule().Workdir(".")), "step")
}
