// SPDX-License-Identifier: Apache-2.0

package enginetest

import (
	"strings"
	"testing"
)

func TestMountedDirectory(t *testing.T) {
	t.Parallel()
	c := engine(t)
	m := base(c).WithMountedDirectory("/m", sample(c))
	equal(t, "seen", stdout(t, m, "cat /m/a/b/two.whl"), "2")
	equal(t, "part", stdout(t, base(c).WithMountedDirectory("/m", sample(c).Directory("a")), "ls /m"), "b\none.whl\n")
	equal(t, "empty", stdout(t, base(c).WithMountedDirectory("/m", c.Directory()), "ls -a /m"), ".\n..\n")
	equal(t, "writable", stdout(t, m, "echo x > /m/new && cat /m/new"), "x\n")
	equal(t, "owner", stdout(t, base(c).WithUser("12:34").
		WithMountedDirectory("/m", sample(c), containerWithMountedDirectoryOpts{Owner: "12:34"}), "touch /m/new && stat -c '%u %g' /m /m/a/one.whl"), "12 34\n12 34\n")
	ran := m.WithExec(sh("true"))
	equalList(t, "not in the root", entries(t, base(c).Rootfs().Diff(ran.Rootfs())))
	equal(t, "not after WithoutMount", stdout(t, ran.WithoutMount("/m"), "ls /m 2>&1 || true"), "ls: cannot access '/m': No such file or directory\n")
	equalList(t, "its directory", entries(t, ran.Directory("/m/a")), "b/", "one.whl")
	equal(t, "its file", contents(t, ran.File("/m/a/one.whl")), "1")
	equal(t, "written by the client", stdout(t, m.WithNewFile("/m/a/more", "more"), "cat /m/a/more"), "more")
	nested := m.WithMountedDirectory("/m/empty", c.Directory().WithNewFile("inner", "i"))
	equal(t, "nested", stdout(t, nested, "cat /m/empty/inner /m/top.txt"), "itop")
	equalList(t, "the nested one's directory", entries(t, nested.Directory("/m/empty")), "inner")
	host := base(c).WithMountedDirectory("/m", c.Host().Directory(hostTree(t)))
	equal(t, "from the host", stdout(t, host, "cat /m/d/f"), "f")
}

func TestMountedFile(t *testing.T) {
	t.Parallel()
	c := engine(t)
	m := base(c).WithMountedFile("/m/here", sample(c).File("a/one.whl"))
	equal(t, "seen", stdout(t, m, "ls /m; cat /m/here"), "here\n1")
	equal(t, "its file", contents(t, m.File("/m/here")), "1")
	equal(t, "from the host", stdout(t, base(c).WithMountedFile("/f", c.Host().File(hostTree(t)+"/d/f")), "cat /f"), "f")
}

func TestMountedCache(t *testing.T) {
	t.Parallel()
	c := engine(t)
	volume := c.CacheVolume("conformance")
	first := fresh(c).WithMountedCache("/v", volume).WithExec(sh("echo kept > /v/f"))
	if _, err := first.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	equal(t, "kept", stdout(t, fresh(c).WithMountedCache("/elsewhere", volume, containerWithMountedCacheOpts{Sharing: cacheSharingModeLocked}), "cat /elsewhere/f"), "kept\n")
	equal(t, "keys differ", stdout(t, fresh(c).WithMountedCache("/v", c.CacheVolume("conformance-2")), "ls /v"), "")
	equalList(t, "not in the root", entries(t, base(c).Rootfs().Diff(first.Rootfs())))
	_, err := first.Directory("/v").Sync(t.Context())
	errorHas(t, "its directory", err, "cannot retrieve path from cache")
	equal(t, "owner", stdout(t, fresh(c).WithUser("12:34").
		WithMountedCache("/v", c.CacheVolume("conformance-owned"), containerWithMountedCacheOpts{Owner: "12:34"}), "touch /v/f && stat -c '%u %g' /v/f"), "12 34\n")
	_, err = base(c).WithMountedCache("/v", volume, containerWithMountedCacheOpts{Sharing: "SOMEHOW"}).Sync(t.Context())
	errorHas(t, "sharing mode", err, "SOMEHOW")
}

func TestMountedTemp(t *testing.T) {
	t.Parallel()
	c := engine(t)
	m := base(c).WithMountedTemp("/t")
	equal(t, "kind", stdout(t, m, "stat -f -c %T /t"), "tmpfs\n")
	equal(t, "new each time", stdout(t, m.WithExec(sh("touch /t/f")), "ls /t"), "")
}

func TestSecrets(t *testing.T) {
	t.Parallel()
	c := engine(t)
	secret := c.SetSecret("token", "s3cr3t value")
	with := fresh(c).
		WithMountedSecret("/run/secrets/token", secret).
		WithMountedSecret("/mine", secret, containerWithMountedSecretOpts{Owner: "12:34", Mode: 0o440}).
		WithSecretVariable("TOKEN", secret)
	equal(t, "seen", stdout(t, with, `cat /run/secrets/token; echo; echo "$TOKEN"; stat -c '%a %u %g' /run/secrets/token /mine`),
		"s3cr3t value\ns3cr3t value\n400 0 0\n440 12 34\n")

	ran := with.WithExec(sh("true"))
	equalList(t, "not in the root", entries(t, base(c).Rootfs().Diff(ran.Rootfs())))
	equal(t, "not in the environment without the variable", stdout(t, base(c).WithMountedSecret("/s", secret), "env | grep -c s3cr3t || true"), "0\n")
	_, err := ran.File("/run/secrets/token").Contents(t.Context())
	errorHas(t, "its file", err, "cannot retrieve path from secret")

	other := c.SetSecret("token", "another value")
	equal(t, "a name used twice", stdout(t, fresh(c).WithSecretVariable("A", secret).WithSecretVariable("B", other), `echo "$A $B"`), "s3cr3t value another value\n")
	_, err = base(c).WithSecretVariable("A", c.SetSecret("large", strings.Repeat("x", 600<<10))).WithExec(sh("true")).Sync(t.Context())
	errorHas(t, "a large one", err, `"large"`)
}
