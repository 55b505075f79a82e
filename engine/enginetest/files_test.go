// SPDX-License-Identifier: Apache-2.0

package enginetest

import (
	"fmt"
	"testing"
)

func entries(t *testing.T, d *directory) []string {
	t.Helper()
	names, err := d.Entries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func glob(t *testing.T, d *directory, pattern string) []string {
	t.Helper()
	paths, err := d.Glob(t.Context(), pattern)
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

// sample is a directory of the daemon.
func sample(c *client) *directory {
	return c.Directory().
		WithNewFile("top.txt", "top").
		WithNewFile("a/one.whl", "1").
		WithNewFile("a/b/two.whl", "2").
		WithNewDirectory("empty")
}

func TestDirectoryContents(t *testing.T) {
	t.Parallel()
	c := engine(t)
	equalList(t, "empty", entries(t, c.Directory()))
	d := sample(c)
	equalList(t, "entries", entries(t, d), "a/", "empty/", "top.txt")
	equalList(t, "entries of a directory in it", entries(t, d.Directory("a")), "b/", "one.whl")
	below, err := d.Entries(t.Context(), directoryEntriesOpts{Path: "a/b"})
	if err != nil {
		t.Fatal(err)
	}
	equalList(t, "entries at a path", below, "two.whl")
	equal(t, "file", contents(t, d.File("a/b/two.whl")), "2")
	equal(t, "rooted path", contents(t, d.Directory("/a").File("/b/two.whl")), "2")
	equalList(t, "without", entries(t, d.WithoutDirectory("a").WithoutFile("top.txt").WithoutFile("not-there")), "empty/")
	size, err := d.File("top.txt").Size(t.Context())
	if err != nil || size != 3 {
		t.Errorf("size: %d, %v", size, err)
	}
}

func TestDirectoryGlob(t *testing.T) {
	t.Parallel()
	d := sample(engine(t))
	equalList(t, "one level", glob(t, d, "*.whl"))
	equalList(t, "all levels", glob(t, d, "**/*.whl"), "a/b/two.whl", "a/one.whl")
	equalList(t, "with a folder", glob(t, d, "a/*"), "a/b/", "a/one.whl")
	equalList(t, "folders end in a slash", glob(t, d, "*"), "a/", "empty/", "top.txt")
}

func TestDirectoryFilter(t *testing.T) {
	t.Parallel()
	d := sample(engine(t))
	equalList(t, "include", glob(t, d.Filter(directoryFilterOpts{Include: []string{"**/*.whl"}}), "**"), "a/", "a/b/", "a/b/two.whl", "a/one.whl")
	equalList(t, "exclude", glob(t, d.Filter(directoryFilterOpts{Exclude: []string{"a/b", "*.txt"}}), "**"), "a/", "a/one.whl", "empty/")
	equalList(t, "below", glob(t, d.Directory("a").Filter(directoryFilterOpts{Include: []string{"b"}}), "**"), "b/", "b/two.whl")
}

func TestDirectoryMerge(t *testing.T) {
	t.Parallel()
	c := engine(t)
	d := sample(c).WithDirectory("a", c.Directory().WithNewFile("one.whl", "new").WithNewFile("three.whl", "3"))
	equalList(t, "merged", glob(t, d, "a/**"), "a/b/", "a/b/two.whl", "a/one.whl", "a/three.whl")
	equal(t, "later wins", contents(t, d.File("a/one.whl")), "new")
	equalList(t, "chosen", glob(t, c.Directory().WithDirectory("x", d, directoryWithDirectoryOpts{Include: []string{"a/*.whl"}, Exclude: []string{"**/one*"}}), "**"),
		"x/", "x/a/", "x/a/three.whl")
	equalList(t, "empty", entries(t, c.Directory().WithDirectory("x", c.Directory())), "x/")
	equalList(t, "at the root", entries(t, c.Directory().WithDirectory("/", d.Directory("a"))), "b/", "one.whl", "three.whl")
	equalList(t, "of itself", entries(t, d.WithDirectory("copy", d.Directory("a/b")).Directory("copy")), "two.whl")
}

func TestDirectoryDiff(t *testing.T) {
	t.Parallel()
	c := engine(t)
	before := base(c)
	after := before.WithExec(sh("mkdir /made; echo x > /made/f; echo more >> /etc/issue; rm /etc/debian_version"))
	equalList(t, "of roots", glob(t, before.Rootfs().Diff(after.Rootfs()), "**"), "etc/", "etc/issue", "made/", "made/f")
	d := sample(c)
	equalList(t, "of nothing", entries(t, d.Diff(d)))
	equalList(t, "of directories in others", glob(t, d.Directory("a").Diff(d.WithNewFile("a/new", "n").Directory("a")), "**"), "new")
}

func TestFileCopies(t *testing.T) {
	t.Parallel()
	c := engine(t)
	f := sample(c).File("a/one.whl")
	equal(t, "to a path", contents(t, c.Directory().WithFile("x/y", f).File("x/y")), "1")
	equalList(t, "into a folder", entries(t, c.Directory().WithFile("x/", f).Directory("x")), "one.whl")
	equalList(t, "renamed", entries(t, c.Directory().WithFile("x/", f.WithName("two")).Directory("x")), "two")
	name, err := f.WithName("two").Name(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "name", name, "two")
	equal(t, "from nothing", contents(t, c.File("hello.txt", "hello")), "hello")
	equal(t, "permissions", stdout(t, base(c).WithRootfs(base(c).Rootfs().
		WithFile("p/copy", f, directoryWithFileOpts{Permissions: 0o751}).
		WithNewFile("p/new", "x", directoryWithNewFileOpts{Permissions: 0o640})), "cd /p; stat -c '%n %a' *"), "copy 751\nnew 640\n")
	linked := base(c).WithExec(sh("echo text > /file; ln -s file /link"))
	equal(t, "a link is what it leads to", stdout(t, base(c).WithFile("/copy", linked.File("/link")), "stat -c %F /copy; cat /copy"), "regular file\ntext\n")
}

func TestContainerFiles(t *testing.T) {
	t.Parallel()
	c := engine(t)
	f := c.File("f", "f")
	with := base(c).
		WithNewFile("/x/new", "new", containerWithNewFileOpts{Permissions: 0o600, Owner: "nobody"}).
		WithFile("/x/", f, containerWithFileOpts{Owner: "7:8"}).
		WithDirectory("/x/d", sample(c), containerWithDirectoryOpts{Exclude: []string{"empty", "*.txt"}, Owner: "9"})
	equal(t, "owners and modes", stdout(t, with, "cd /x; stat -c '%n %a %u %g' new f d/a/b/two.whl; ls d"),
		"new 600 65534 65534\nf 644 7 8\nd/a/b/two.whl 644 9 9\na\n")
	equal(t, "root", contents(t, with.Rootfs().File("x/new")), "new")
	equalList(t, "directory", entries(t, with.Directory("/x")), "d/", "f", "new")
}

// Every file action may not become a layer: there can be few of those.
func TestManyNewFiles(t *testing.T) {
	t.Parallel()
	c := engine(t)
	d, parts := c.Directory(), c.Directory()
	for i := range 600 {
		d = d.WithNewFile(fmt.Sprintf("n/%03d", i), "x")
		if i < 150 {
			parts = parts.WithFile("p/", c.File(fmt.Sprintf("%03d", i), "x"))
		}
	}
	equal(t, "new files", stdout(t, base(c).WithMountedDirectory("/m", d), "ls /m/n | wc -l"), "600\n")
	equal(t, "files", stdout(t, base(c).WithDirectory("/m", parts), "ls /m/p | wc -l"), "150\n")
}

func TestLargeFile(t *testing.T) {
	t.Parallel()
	c := base(engine(t)).WithExec(sh("seq 3000000 > /f; sha256sum < /f | cut -c-64 > /sum"))
	text := contents(t, c.File("/f"))
	if len(text) < 20<<20 {
		t.Fatalf("%d bytes", len(text))
	}
	equal(t, "sum", stdout(t, base(engine(t)).WithMountedFile("/f", c.File("/f")), "sha256sum < /f | cut -c-64"), contents(t, c.File("/sum")))
}
