// SPDX-License-Identifier: Apache-2.0

package wheel

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// auditwheelVersion is the release that is compared with.
const auditwheelVersion = "6.8.2"

// BenchmarkAgainstAuditwheel audits some 500 MB of wheels with the program, and looks at the same with "auditwheel show", which says less of
// them: neither RECORD, METADATA, the archive nor symbols are its business. It promises nothing; see docs/benchmarks.md. Wheels that auditwheel
// can not read are left out.
func BenchmarkAgainstAuditwheel(b *testing.B) {
	auditwheel, program := installAuditwheel(b), buildProgram(b)
	cache, err := os.UserCacheDir()
	if err != nil {
		b.Fatal(err)
	}
	var wheels []string
	for _, list := range []string{"testdata/popular.txt", "testdata/heavy.txt"} {
		text, err := os.ReadFile(list)
		if err != nil {
			b.Fatal(err)
		}
		for _, filename := range strings.Fields(string(text)) {
			wheels = append(wheels, download(b, filepath.Join(cache, "crosswheel", "popular"), filename))
		}
	}
	for b.Loop() {
		var theirs, ours usage
		var readable []string
		var megabytes float64
		for _, path := range wheels {
			used, err := measured(exec.Command(auditwheel, "show", path))
			if err != nil {
				b.Logf("auditwheel can not read %s: %v", filepath.Base(path), err)
				continue
			}
			theirs.add(used)
			readable = append(readable, path)
			info, err := os.Stat(path)
			if err != nil {
				b.Fatal(err)
			}
			megabytes += float64(info.Size()) / 1e6
		}
		command := exec.Command(program, append([]string{"audit", "--format", "json"}, readable...)...)
		command.Dir = "../.." // a module's program wants its recipes
		if ours, err = measured(command); err != nil {
			b.Fatal(err)
		}
		b.Logf("%d wheels, %.0f MB: auditwheel %.1f s, %.1f s of processor; we %.1f s, %.1f s of processor, %.0f MiB",
			len(readable), megabytes, theirs.wall, theirs.cpu, ours.wall, ours.cpu, ours.peak)
		b.ReportMetric(theirs.wall/ours.wall, "x-auditwheel/ours")
		b.ReportMetric(theirs.cpu/ours.cpu, "x-processor-time")
		b.ReportMetric(ours.peak, "MiB-peak")
		b.ReportMetric(megabytes, "MB")
	}
}

// usage is what a program took.
type usage struct{ wall, cpu, peak float64 } // seconds, and MiB

func (u *usage) add(v usage) {
	u.wall, u.cpu, u.peak = u.wall+v.wall, u.cpu+v.cpu, max(u.peak, v.peak)
}

func measured(command *exec.Cmd) (usage, error) {
	start := time.Now()
	err := command.Run()
	u := usage{wall: time.Since(start).Seconds()}
	if state := command.ProcessState; state != nil {
		u.cpu = (state.UserTime() + state.SystemTime()).Seconds()
		u.peak = float64(state.SysUsage().(*syscall.Rusage).Maxrss) / 1024
	}
	return u, err
}

// installAuditwheel installs auditwheel with uv, from their own index.
func installAuditwheel(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	bin := filepath.Join(dir, "bin")
	for _, command := range [][]string{
		{"python3", "-m", "venv", dir},
		{filepath.Join(bin, "pip"), "install", "--quiet", "--disable-pip-version-check", "uv"},
		{filepath.Join(bin, "uv"), "pip", "install", "--quiet", "--python", filepath.Join(bin, "python"), "auditwheel==" + auditwheelVersion},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			b.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	return filepath.Join(bin, "auditwheel")
}

func buildProgram(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "crosswheel")
	command := exec.Command("go", "build", "-o", program, ".")
	command.Dir = "../.."
	if out, err := command.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return program
}
