package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/text"
)

// Fact is a line of the section "what ran".
type Fact struct{ Name, Value string }

// Facts returns the facts of the run and of each of its invocations.
func (m *Model) Facts() []Fact {
	run := m.Run
	out := []Fact{
		{"run", text.Clean(run.Plan.Name)},
		{"cells", m.Counts.String()},
		{"digest of the plan", run.Plan.Digest()},
	}
	if run.Plan.Profile != "" {
		out = append(out, Fact{"profile", text.Clean(run.Plan.Profile)})
	}
	if m.Counts.Done > 0 {
		out = append(out, Fact{"digest of the results", run.Digest()})
	}
	if n := run.NotInPlan; n > 0 {
		out = append(out,
			Fact{"left out",
				fmt.Sprintf("%s of earlier plans, still in the run directory",
					text.Plural(n, "cell"))})
	}
	for i, e := range run.Envs {
		name := "invocation"
		if len(run.Envs) > 1 {
			name = fmt.Sprintf("invocation %d", i+1)
		}
		out = append(out, Fact{name, Invocation(e)})
	}
	if len(run.Envs) == 0 {
		out = append(out,
			Fact{"invocation", "unknown: the run directory does not record where it ran"})
	}
	return out
}

// Invocation is one line with the time, machine and versions of an invocation.
func Invocation(e runlog.Env) string {
	commit := "commit unknown"
	if e.Commit != "" {
		commit = "commit " + text.Shorten(e.Commit, 13)
	}
	if e.Dirty {
		commit += ", with uncommitted changes"
	}
	parts := []string{}
	for _, s := range []string{
		e.Started.UTC().Format("2006-01-02 15:04 UTC"), e.Version, commit, e.Go,
		strings.Trim(e.OS+"/"+e.Arch, "/"),
		e.CPU, text.Plural(e.Cores, "core"), "kernel " + e.Kernel, text.Plural(e.Jobs, "job"),
	} {
		if s != "" {
			parts = append(parts, text.Clean(s))
		}
	}
	return strings.Join(parts, "; ")
}

// Inputs returns the raw files and modules of the last invocation, on which its results also
// depend.
func (m *Model) Inputs() []Fact {
	if len(m.Run.Envs) == 0 {
		return nil
	}
	e := m.Run.Envs[len(m.Run.Envs)-1]
	var out []Fact
	for _, name := range slices.Sorted(maps.Keys(e.Raw)) {
		out = append(out, Fact{text.Clean(name), "SHA-256 " + text.Clean(e.Raw[name])})
	}
	for _, path := range slices.Sorted(maps.Keys(e.Modules)) {
		out = append(out, Fact{text.Clean(path), text.Clean(e.Modules[path])})
	}
	return out
}
