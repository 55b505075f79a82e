// SPDX-License-Identifier: Apache-2.0

package base

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
)

// apt is how this host reaches Debian, if it is a Debian host: through which mirrors and proxies. Nothing else of
// its configuration has a say in what an image holds.
type apt struct {
	options []string
	entries []entry
}

// entry is a place that the host's apt has packages from.
type entry struct{ uri, suite, component, origin string }

// readApt asks the host's apt. Where there is none, mmdebstrap's own defaults are left to decide.
func readApt(ctx context.Context) apt {
	dump, _ := exec.CommandContext(ctx, "apt-config", "dump", "--no-empty").Output()
	targets, _ := exec.CommandContext(ctx, "apt-get", "indextargets",
		"--format", "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)", "Created-By: Packages").Output()
	return apt{options: transport(string(dump)), entries: parseEntries(string(targets))}
}

// transport picks the options of apt's that say how a mirror is reached, and how fresh it has to be.
func transport(dump string) (options []string) {
	for line := range strings.Lines(dump) {
		name, _, _ := strings.Cut(line, " ")
		switch name {
		case "Acquire::http::Proxy", "Acquire::https::Proxy", "Acquire::Check-Valid-Until", "Acquire::Check-Date":
			options = append(options, strings.TrimSuffix(strings.TrimSpace(line), ";"))
		}
	}
	return options
}

func parseEntries(targets string) (entries []entry) {
	seen := map[entry]bool{}
	for line := range strings.Lines(targets) {
		fields := strings.Fields(line)
		if len(fields) != 4 {
			continue
		}
		e := entry{fields[0], fields[1], fields[2], fields[3]}
		if !seen[e] {
			seen[e] = true
			entries = append(entries, e)
		}
	}
	return entries
}

// sources are lines of sources.list for a suite, after the host's for its own: the same mirrors, another name. There
// are none where the host has no place with Debian's packages; mmdebstrap then uses Debian's common mirror.
func (a apt) sources(suite string) (lines []string) {
	own := a.ownSuite()
	if own == "" {
		return nil
	}
	for _, e := range a.entries {
		rest, of := strings.CutPrefix(e.suite, own)
		if !of || e.origin != "Debian" || e.component != "main" {
			continue
		}
		switch {
		case rest == "",
			// The suites that nothing is released from have neither updates nor security.
			(rest == "-updates" || rest == "-security") && suite != "sid" && suite != "unstable":
			lines = append(lines, fmt.Sprintf("deb %s %s%s main", e.uri, suite, rest))
		}
	}
	return lines
}

// ownSuite is the host's suite: the one of Debian's main places whose name is no other one's with a suffix.
func (a apt) ownSuite() string {
	for _, e := range a.entries {
		if e.origin == "Debian" && e.component == "main" && !strings.Contains(e.suite, "-") {
			return e.suite
		}
	}
	return ""
}
