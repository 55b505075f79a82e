// SPDX-License-Identifier: Apache-2.0

package enginetest

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestExecEnvironment(t *testing.T) {
	t.Parallel()
	c := base(engine(t))
	equal(t, "variable", stdout(t, c.WithEnvVariable("A", "1 $B 2"), `printf %s "$A"`), "1 $B 2")
	equal(t, "replaced", stdout(t, c.WithEnvVariable("A", "1").WithEnvVariable("A", "2"), `printf %s "$A"`), "2")
	equal(t, "removed", stdout(t, c.WithEnvVariable("A", "1").WithoutEnvVariable("A"), `printf %s "${A-unset}"`), "unset")
	equal(t, "path", stdout(t, c, `case $PATH in */usr/bin*) echo -n found;; esac`), "found")

	before := c.WithEnvVariable("A", "before")
	before.WithEnvVariable("A", "after")
	equal(t, "values do not change", stdout(t, before, `printf %s "$A"`), "before")
}

func TestExecWorkdir(t *testing.T) {
	t.Parallel()
	c := base(engine(t))
	equal(t, "default", stdout(t, c, "pwd"), "/\n")
	equal(t, "made", stdout(t, c.WithWorkdir("/not/there"), "pwd"), "/not/there\n")
	equal(t, "relative", stdout(t, c.WithWorkdir("/a").WithWorkdir("b/../c"), "pwd"), "/a/c\n")
	equal(t, "file", contents(t, c.WithWorkdir("/a").WithNewFile("f", "x").File("/a/f")), "x")
}

func TestExecUser(t *testing.T) {
	t.Parallel()
	c := base(engine(t))
	equal(t, "default", stdout(t, c, "id -u"), "0\n")
	equal(t, "by name", stdout(t, c.WithUser("nobody"), "id -un"), "nobody\n")
	equal(t, "by number", stdout(t, c.WithUser("1234:5678"), "id -u; id -g"), "1234\n5678\n")
}

func TestExecArgumentsAreNotSplit(t *testing.T) {
	t.Parallel()
	out, err := base(engine(t)).WithExec([]string{"printf", "<%s>", "a b", "$HOME", `"q"`, ""}).Stdout(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "arguments", out, `<a b><$HOME><"q"><>`)
}

func TestExecKeepsFiles(t *testing.T) {
	t.Parallel()
	c := base(engine(t)).WithExec(sh("echo one > /f")).WithExec(sh("echo two >> /f; chmod 600 /f; ln -s f /l"))
	equal(t, "file", contents(t, c.File("/f")), "one\ntwo\n")
	equal(t, "link", contents(t, c.File("/l")), "one\ntwo\n")
	equal(t, "mode", stdout(t, c, "stat -c %a /f"), "600\n")
}

func TestExecStreams(t *testing.T) {
	t.Parallel()
	c := base(engine(t)).WithExec(sh("echo out; echo err >&2; echo out2"))
	out, err := c.Stdout(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "stdout", out, "out\nout2\n")
	if out, err = c.Stderr(t.Context()); err != nil {
		t.Fatal(err)
	}
	equal(t, "stderr", out, "err\n")
	long, err := fresh(engine(t)).WithExec(sh("seq 300000; seq 300000 >&2")).Stdout(t.Context())
	if lines := strings.Split(long, "\n"); err != nil || len(lines) != 300001 || lines[299999] != "300000" {
		t.Errorf("long output: %d lines, %v", len(lines), err)
	}
	_, err = base(engine(t)).Stdout(t.Context())
	if err == nil {
		t.Error("a container without an exec has a Stdout")
	}
}

func TestExecFailure(t *testing.T) {
	t.Parallel()
	c := engine(t)
	failing := fresh(c).WithExec(sh("echo out; echo err >&2; exit 7"))
	evaluate := map[string]func() error{
		"Sync":   func() error { _, err := failing.Sync(t.Context()); return err },
		"Stdout": func() error { _, err := failing.Stdout(t.Context()); return err },
		"a file": func() error { _, err := failing.File("/x").Contents(t.Context()); return err },
		"a copy": func() error {
			_, err := c.Directory().WithDirectory("/", failing.Rootfs()).Sync(t.Context())
			return err
		},
		"a mount": func() error {
			_, err := base(c).WithMountedDirectory("/m", failing.Rootfs()).WithExec(sh("ls /m")).Sync(t.Context())
			return err
		},
		"exec":     func() error { _, err := failing.WithExec(sh("true")).Sync(t.Context()); return err },
		"Export":   func() error { _, err := failing.Directory("/etc").Export(t.Context(), t.TempDir()); return err },
		"a wrap":   func() error { _, err := failing.Directory("/etc").Entries(t.Context()); return errors.Join(err) },
		"again":    func() error { _, err := failing.Sync(t.Context()); return err },
		"Contents": func() error { _, err := failing.Directory("/etc").File("passwd").Contents(t.Context()); return err },
	}
	for what, f := range evaluate {
		err := f()
		var e *execError
		if !errors.As(err, &e) {
			t.Errorf("%s: the error is %v, want an ExecError", what, err)
			continue
		}
		if e.ExitCode != 7 || e.Stdout != "out\n" || e.Stderr != "err\n" || strings.Join(e.Cmd, "|") != "sh|-c|echo out; echo err >&2; exit 7" {
			t.Errorf("%s: code %d, stdout %q, stderr %q, cmd %q", what, e.ExitCode, e.Stdout, e.Stderr, e.Cmd)
		}
		errorHas(t, what, err, "exit code: 7")
	}
}

// What a process writes just before it fails is the most interesting part of it.
func TestExecFailureKeepsTheEnd(t *testing.T) {
	t.Parallel()
	c := engine(t)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			_, err := fresh(c).WithExec(sh("seq 400000; seq 300000 >&2; echo the end; echo the end >&2; exit 3")).Sync(t.Context())
			var e *execError
			if !errors.As(err, &e) {
				t.Errorf("the error is %v", err)
				return
			}
			for stream, text := range map[string]string{"stdout": e.Stdout, "stderr": e.Stderr} {
				if !strings.HasSuffix(text, "\nthe end\n") || !strings.HasPrefix(text, "[omitting ") || len(text) > 101<<10 {
					t.Errorf("%s has %d bytes: %.40q … %q", stream, len(text), text, text[max(0, len(text)-40):])
				}
			}
		})
	}
	group.Wait()
}

func TestExecNotFound(t *testing.T) {
	t.Parallel()
	_, err := fresh(engine(t)).WithExec([]string{"/no/such/program"}).Sync(t.Context())
	errorHas(t, "missing program", err, "/no/such/program")
}

func TestErrorsSurfaceLate(t *testing.T) {
	t.Parallel()
	c := engine(t)
	bad := c.Container().From("Not A Reference").WithExec(sh("true")).WithNewFile("/f", "x")
	if _, err := bad.Sync(t.Context()); err == nil {
		t.Error("a bad address is no error")
	}
	_, err := base(c).File("/no/such/file").Contents(t.Context())
	errorHas(t, "missing file", err, "no such file")
	_, err = base(c).Directory("/no/such/dir").Entries(t.Context())
	errorHas(t, "missing directory", err, "no such file")
	_, err = c.Host().Directory("/no/such/dir").Sync(t.Context())
	errorHas(t, "missing folder of the host", err, "/no/such/dir")
	_, err = c.Host().File("/no/such/file").Contents(t.Context())
	errorHas(t, "missing file of the host", err, "/no/such/file")
}

func TestCancellation(t *testing.T) {
	t.Parallel()
	c := engine(t)
	volume := c.CacheVolume("cancel-" + rand.Text())
	// The process writes as long as it lives.
	slow := fresh(c).WithMountedCache("/v", volume).WithExec(sh("while sleep 0.1; do echo >> /v/alive; done"))
	written := func() string { return stdout(t, fresh(c).WithMountedCache("/v", volume), "cat /v/alive 2>&1 | wc -c") }

	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error)
	go func() {
		_, err := slow.Sync(ctx)
		stopped <- err
	}()
	for first := written(); written() == first; {
	}
	cancel()
	if err := <-stopped; !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v, want Canceled", err)
	}
	for before := ""; before != written(); { // it is killed at once, but nobody waits for that
		before = written()
		time.Sleep(500 * time.Millisecond)
	}

	ctx, cancel = context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if _, err := fresh(c).WithExec(sh("sleep 60")).Sync(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v, want DeadlineExceeded", err)
	}
}

// A stopped evaluation must not spoil the value, nor another evaluation of it.
func TestCancellationOfOneOfTwo(t *testing.T) {
	t.Parallel()
	slow := fresh(engine(t)).WithExec(sh("sleep 4; echo done > /f"))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var group sync.WaitGroup
	group.Go(func() {
		if _, err := slow.Sync(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stopped: the error is %v", err)
		}
	})
	group.Go(func() {
		if text, err := slow.File("/f").Contents(t.Context()); err != nil || text != "done\n" {
			t.Errorf("not stopped: %q, %v", text, err)
		}
	})
	group.Wait()
	equal(t, "later", contents(t, slow.File("/f")), "done\n")
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	one := fresh(engine(t)).WithExec(sh(uuid + " > /id"))
	ids := make([]string, 20)
	var group sync.WaitGroup
	for i := range ids {
		group.Go(func() {
			var err error
			if ids[i], err = one.WithExec(sh("cat /id")).File("/id").Contents(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, id := range ids {
		equal(t, "one value, evaluated by many", id, ids[0])
	}
}
