// SPDX-License-Identifier: Apache-2.0

package enginetest

import (
	"testing"
)

// id runs an exec that says something new each time it runs: equal ids mean that it ran once.
func id(t *testing.T, c *container) string {
	t.Helper()
	return contents(t, c.WithExec(sh(uuid+" > /id")).File("/id"))
}

func same(t *testing.T, what, a, b string) {
	t.Helper()
	if a != b {
		t.Errorf("%s: it ran twice", what)
	}
}

func differ(t *testing.T, what, a, b string) {
	t.Helper()
	if a == b {
		t.Errorf("%s: it ran once", what)
	}
}

func TestCacheByDefinition(t *testing.T) {
	t.Parallel()
	c := engine(t)
	with := fresh(c)
	first := id(t, with.WithEnvVariable("A", "1"))
	same(t, "the same again", id(t, with.WithEnvVariable("A", "1")), first)
	same(t, "another client", id(t, with.WithEnvVariable("A", "1")), first)
	differ(t, "another environment", id(t, with.WithEnvVariable("A", "2")), first)
	differ(t, "another user", id(t, with.WithEnvVariable("A", "1").WithUser("0:1")), first)
	differ(t, "another root", id(t, with.WithEnvVariable("A", "1").WithNewFile("/x", "x")), first)
}

// The second client finds what the first has run, and what that has written.
func TestCacheOutlivesTheClient(t *testing.T) {
	t.Parallel()
	needEngine(t)
	script := uuid + " > /id; echo to stdout; echo to stderr >&2"
	nonce := "v1-" + id(t, fresh(engine(t)))
	run := func() (string, string) {
		c, err := connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		tree := c.Host().Directory(hostTree(t)) // the same content in another folder
		ran := base(c).WithEnvVariable("NONCE", nonce).WithMountedDirectory("/m", tree).WithDirectory("/d", tree).WithExec(sh(script))
		file, err := ran.File("/id").Contents(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		out, err := ran.Stdout(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		after, err := ran.File("/id").Contents(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		same(t, "Stdout after Contents", after, file)
		return file, out
	}
	file1, out1 := run()
	file2, out2 := run()
	same(t, "another client", file2, file1)
	equal(t, "stdout of the first", out1, "to stdout\n")
	equal(t, "stdout of the second", out2, "to stdout\n")
}

// What is mounted or copied in counts by its content, whichever way it came to be.
func TestCacheByContent(t *testing.T) {
	t.Parallel()
	c := engine(t)
	with := fresh(c)
	written := c.Directory().WithNewFile("o/f", "content").Directory("o")
	made := fresh(c).WithExec(sh("mkdir /o; printf content > /o/f; printf other > /unrelated")).Directory("/o")
	changed := c.Directory().WithNewFile("o/f", "changed").Directory("o")
	ways := map[string]func(*directory) *container{
		"mounted directory": func(d *directory) *container { return with.WithMountedDirectory("/m", d) },
		"copied directory":  func(d *directory) *container { return with.WithDirectory("/m", d) },
		"mounted file":      func(d *directory) *container { return with.WithMountedFile("/m", d.File("f")) },
		"copied file":       func(d *directory) *container { return with.WithFile("/m", d.File("f")) },
		"copied and mounted": func(d *directory) *container {
			return with.WithMountedDirectory("/m", c.Directory().WithDirectory("x", d))
		},
	}
	for what, way := range ways {
		first := id(t, way(written))
		same(t, what+" of the same content", id(t, way(made)), first)
		differ(t, what+" of other content", id(t, way(changed)), first)
	}
}

func TestCacheVolumeIsNoInput(t *testing.T) {
	t.Parallel()
	c := engine(t)
	with := fresh(c).WithMountedCache("/v", c.CacheVolume("no-input"))
	first := id(t, with)
	if _, err := fresh(c).WithMountedCache("/v", c.CacheVolume("no-input")).WithExec(sh(uuid + " > /v/f")).Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	same(t, "after the volume has changed", id(t, with), first)
}

// A failure is not kept: the next run tries again.
func TestCacheForgetsFailures(t *testing.T) {
	t.Parallel()
	nonce := id(t, fresh(engine(t)))
	try := func() error {
		c, err := connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		flaky := base(c).WithEnvVariable("NONCE", nonce).WithMountedCache("/v", c.CacheVolume("failures"))
		_, err = flaky.WithExec(sh("test -e /v/$NONCE || { touch /v/$NONCE; exit 1; }")).Sync(t.Context())
		return err
	}
	if try() == nil {
		t.Error("the first attempt succeeded")
	}
	if err := try(); err != nil {
		t.Errorf("the second attempt: %v", err)
	}
}
