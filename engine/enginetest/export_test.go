// SPDX-License-Identifier: Apache-2.0

package enginetest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// onHost lists a folder of the host: paths, and the text of files.
func onHost(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err != nil || p == dir {
			return err
		}
		line, _ := filepath.Rel(dir, p)
		if e.Type().IsRegular() {
			text, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			line += "=" + string(text)
		}
		list = append(list, line)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func export(t *testing.T, d *directory, to string, opts ...directoryExportOpts) {
	t.Helper()
	got, err := d.Export(t.Context(), to, opts...)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "returned path", got, to)
}

func TestExportDirectory(t *testing.T) {
	t.Parallel()
	c := engine(t)
	of := c.Directory().WithNewFile("new", "new").WithNewFile("d/both", "new").WithNewDirectory("e")
	host := t.TempDir()
	write(t, host, "new", "new")
	write(t, host, "d/both", "new")
	if err := os.Mkdir(host+"/e", 0o700); err != nil {
		t.Fatal(err)
	}
	for way, d := range map[string]*directory{"daemon": of, "host": c.Host().Directory(host)} {
		dir := t.TempDir()
		export(t, d, dir+"/made/here")
		equalList(t, way+": new folder", onHost(t, dir), "made", "made/here", "made/here/d", "made/here/d/both=new", "made/here/e", "made/here/new=new")
		for _, p := range []string{"made", "made/here", "made/here/d", "made/here/e"} {
			if info, err := os.Stat(filepath.Join(dir, p)); err != nil || info.Mode().Perm() != 0o755 {
				t.Errorf("%s: %s: mode %v, %v", way, p, info.Mode(), err)
			}
		}

		dir = t.TempDir()
		write(t, dir, "old", "old")
		write(t, dir, "d/both", "old")
		write(t, dir, "d/old", "old")
		export(t, d, dir)
		equalList(t, way+": merged", onHost(t, dir), "d", "d/both=new", "d/old=old", "e", "new=new", "old=old")
		export(t, d.Directory("d"), dir, directoryExportOpts{Wipe: true})
		equalList(t, way+": wiped", onHost(t, dir), "both=new")
		export(t, d, dir, directoryExportOpts{Wipe: true})
		equalList(t, way+": wiped again", onHost(t, dir), "d", "d/both=new", "e", "new=new")
	}
}

func TestExportKeepsLinksAndModes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	export(t, base(engine(t)).WithExec(sh("mkdir -m 700 /o; cd /o; echo x > f; chmod 750 f; ln -s f l; chown 5:5 f")).Directory("/o"), dir+"/o")
	if to, err := os.Readlink(dir + "/o/l"); err != nil || to != "f" {
		t.Errorf("link: %q, %v", to, err)
	}
	if info, err := os.Stat(dir + "/o/f"); err != nil || info.Mode().Perm() != 0o750 {
		t.Errorf("file: %v, %v", info, err)
	}
}

// A target is as it was, or has everything; and nothing is left beside it.
func TestExportIsAtomic(t *testing.T) {
	t.Parallel()
	c := engine(t)
	d := c.Directory().WithNewFile("a", "new").WithNewFile("d/x", "new").WithNewFile("z", "new")
	cases := map[string]struct {
		prepare func(dir string)
		export  func(dir string) error
	}{
		"the target is a file": {
			func(dir string) { write(t, dir, "target", "old") },
			func(dir string) error { _, err := d.Export(t.Context(), dir+"/target"); return err },
		},
		"below a file": {
			func(dir string) { write(t, dir, "target", "old") },
			func(dir string) error { _, err := d.Export(t.Context(), dir+"/target/below/it"); return err },
		},
		"a folder where a file goes": {
			func(dir string) { write(t, dir, "target/z/old", "old") },
			func(dir string) error { _, err := d.Export(t.Context(), dir+"/target"); return err },
		},
		"a file where a folder goes": {
			func(dir string) { write(t, dir, "target/d", "old"); write(t, dir, "target/a", "old") },
			func(dir string) error { _, err := d.Export(t.Context(), dir+"/target"); return err },
		},
		"the build fails": {
			func(dir string) { write(t, dir, "target/a", "old") },
			func(dir string) error {
				_, err := fresh(c).WithExec(sh("mkdir /o; echo new > /o/a; false")).Directory("/o").Export(t.Context(), dir+"/target")
				return err
			},
		},
		"a folder that does not exist": {
			func(string) {},
			func(dir string) error {
				_, err := base(c).Directory("/nowhere").Export(t.Context(), dir+"/target")
				return err
			},
		},
		"a file over a folder": {
			func(dir string) { write(t, dir, "target/a", "old") },
			func(dir string) error { _, err := d.File("a").Export(t.Context(), dir+"/target"); return err },
		},
	}
	for what, example := range cases {
		dir := t.TempDir()
		example.prepare(dir)
		before := onHost(t, dir)
		if err := example.export(dir); err == nil {
			t.Errorf("%s: no error", what)
		}
		equalList(t, what, onHost(t, dir), before...)
	}
}

func TestExportToAFullDisk(t *testing.T) {
	t.Parallel()
	c := engine(t)
	if os.Getuid() != 0 {
		t.Skip("making a small disk needs root")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	write(t, dir, "target/a", "old")
	large := base(c).WithExec(sh("mkdir /o; echo new > /o/a; seq 200000 > /o/large"))
	_, err := large.Directory("/o").Export(t.Context(), dir+"/target")
	errorHas(t, "directory", err, "no space left")
	_, err = large.File("/o/large").Export(t.Context(), dir+"/target/a")
	errorHas(t, "file", err, "no space left")
	equalList(t, "target", onHost(t, dir), "target", "target/a=old")
	// The target may be the disk itself: nothing can be renamed to it from beside.
	export(t, c.Directory().WithNewFile("b", "new"), dir)
	equalList(t, "a mount point", onHost(t, dir), "b=new", "target", "target/a=old")
}

func TestExportStopped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "target/a", "old")
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := fresh(engine(t)).WithExec(sh("mkdir /o; echo new > /o/a; sleep 60")).Directory("/o").Export(ctx, dir+"/target")
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the error is %v", err)
	}
	equalList(t, "target", onHost(t, dir), "target", "target/a=old")
}

func TestExportFile(t *testing.T) {
	t.Parallel()
	c := engine(t)
	host := t.TempDir()
	write(t, host, "f", "text")
	for way, f := range map[string]interface {
		Export(ctx ctx, path string, opts ...fileExportOpts) (string, error)
	}{"daemon": c.Directory().WithNewFile("f", "text").File("f"), "host": c.Host().File(host + "/f")} {
		dir := t.TempDir()
		write(t, dir, "there", "old")
		for _, to := range []string{"there", "made/new"} {
			if got, err := f.Export(t.Context(), filepath.Join(dir, to)); err != nil || got != filepath.Join(dir, to) {
				t.Fatalf("%s: %q, %v", way, got, err)
			}
		}
		if got, err := f.Export(t.Context(), dir, fileExportOpts{AllowParentDirPath: true}); err != nil || got != filepath.Join(dir, "f") {
			t.Fatalf("%s: %q, %v", way, got, err)
		}
		equalList(t, way, onHost(t, dir), "f=text", "made", "made/new=text", "there=text")
	}
}
