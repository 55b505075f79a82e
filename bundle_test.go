// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"crosswheel/internal/dagger"
	sdkimage "crosswheel/sdk-image"
)

// testBundle packs wheels of ours and of the package index: Jinja2 is pure, and requires MarkupSafe, of which the package index has
// compiled wheels only. They are installed on the target's own Python by the bundle's script, with no network.
func testBundle(t *testing.T) {
	dir := t.TempDir()
	lab := filepath.Join(dir, "lab.txt")
	pack := func(requirements, name string) (string, error) {
		if err := os.WriteFile(lab, []byte(requirements), 0o644); err != nil {
			t.Fatal(err)
		}
		_, stderr, err := program(t, "bundle", "--requirements", lab, "export", "--path", filepath.Join(dir, name))
		return stderr, err
	}
	for _, name := range []string{"bundle.tar.gz", "again.tar.gz"} {
		if stderr, err := pack("# what our protocols import\nJinja2==3.1.2\nPyYAML >= 6\n", name); err != nil {
			t.Fatalf("%v\n%s", err, stderr)
		}
	}
	first, err := os.ReadFile(filepath.Join(dir, "bundle.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := os.ReadFile(filepath.Join(dir, "again.tar.gz")); err != nil || !bytes.Equal(first, again) {
		t.Errorf("packed again it has other bytes: %v", err)
	}

	// Everything that is missing is named, with its line.
	stderr, err := pack("six\ncrosswheel-has-no-such-package\nnumpy==0.1 # too old\n", "none.tar.gz")
	if err == nil {
		t.Error("a bundle without what was wanted is packed")
	}
	for _, want := range []string{"lab.txt:2: nothing provides crosswheel-has-no-such-package: there is no recipe", "lab.txt:3: nothing provides numpy==0.1: there are recipes for 1.24.0"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("it does not say %q:\n%s", want, stderr)
		}
	}
	t.Run("install", func(t *testing.T) { installBundle(t, filepath.Join(dir, "bundle.tar.gz")) })
}

// installBundle runs the install script as a robot does: its python3 is the target's own, emulated, with the target's pip.
func installBundle(t *testing.T, bundle string) {
	client := dagger.Connect()
	defer client.Close()
	target, err := sdkimage.Target("bookworm-armhf")
	if err != nil {
		t.Fatal(err)
	}
	image := sdkimage.New(client, target)
	const python = "#!/bin/sh\nexec /usr/bin/qemu-arm-static -L /robot /robot/usr/bin/python3.11 \"$@\"\n"
	pip := image.Tools.WithExec([]string{"python3", "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "/pip", "pip==" + target.Pip}).Directory("/pip")
	robot := image.Builder(client, sdkimage.Declared(target)).
		WithMountedDirectory("/pip", pip).
		WithMountedDirectory("/robot", image.SDK.Directory(target.Triple+"/sysroot")).
		WithNewFile("/robot-bin/python3", python, dagger.ContainerWithNewFileOpts{Permissions: 0o755}).
		WithMountedFile("/bundle.tar.gz", client.Host().File(bundle))
	run := func(script string) (string, error) {
		// The launcher of compile steps: no network, no privileges; nothing of its environment.
		return robot.WithExec([]string{"env", "-i", "/usr/bin/python3", sdkimage.CrossDir + "/offline.py", sdkimage.CrossDir + "/offline.bpf", "65534",
			"sh", "-euc", `export PATH=/robot-bin:/usr/bin:/bin HOME=/tmp PYTHONPATH=/pip/pip-` + target.Pip + `-py3-none-any.whl:/tmp/site
cd /tmp && tar xzf /bundle.tar.gz && cd wheels-for-bookworm-armhf
` + script}).Stdout(t.Context())
	}
	out, err := run(`sh install.sh --quiet --no-compile --target /tmp/site
python3 -c 'import jinja2, yaml, markupsafe._speedups, platform; print(jinja2.__version__, yaml.__with_libyaml__, platform.machine())'`)
	if err != nil || strings.TrimSpace(out) != "3.1.2 True armv7l" {
		t.Errorf("installed: %q, %v", out, err)
	}
	// What was not copied whole is not installed, nor what is for another Python.
	for script, want := range map[string]string{
		`echo >>wheels/Jinja2-3.1.2-py3-none-any.whl; sh install.sh 2>&1 || true`: "wheels/Jinja2-3.1.2-py3-none-any.whl: FAILED",
		`sed -i 's/3\.11/3.10/g' install.sh; sh install.sh 2>&1 || true`:          "These wheels are for Python 3.10 (bookworm-armhf), and this is Python 3.11",
		`python3 -c "import socket; socket.socket()" 2>&1 || true`:                "Network is down",
	} {
		if out, err := run(script); err != nil || !strings.Contains(out, want) {
			t.Errorf("%s\n%v\n%s", script, err, out)
		}
	}
}
