package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/baselines/external"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog/verify"
	"github.com/uaibench/uaibench/bench/text"
)

// This file decides who may start programs of the user's own, and for which cells.

// allowVariable is the environment variable that replaces --allow-exec where no flag can be given.
const allowVariable = "UAIBENCH_ALLOW_EXEC"

func addAllow(c *cobra.Command, allow *bool) {
	c.Flags().BoolVar(allow, "allow-exec", false,
		"start the programs of methods with id exec (or "+allowVariable+"=1)")
}

func execAllowed(flag bool) bool { return flag || os.Getenv(allowVariable) == "1" }

// isProgram reports whether a cell's method is a program of the user's own.
func isProgram(c bench.Cell) bool { return c.Method.ID == bench.ProgramID }

// programsOf describes the distinct programs of cells: command line, environment, files.
func programsOf(cells []bench.PlannedCell) (out []string) {
	for _, c := range cells {
		if !isProgram(c.Cell) {
			continue
		}
		s, err := external.Of(c.Cell.Method, 0, "")
		if err != nil {
			continue // its cell will fail with this error
		}
		line := "  " + c.Label + ": " + quoted(s.Command)
		if len(s.Env) > 0 {
			line += "\n    environment " + quoted(s.Env)
		}
		for _, f := range s.Files {
			at := strings.LastIndexByte(f, '=')
			line += "\n    SHA-256 " + f[at+1:] + " " + f[:at]
		}
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out
}

// mayStart prints the programs that a plan starts, or rejects them unless they are allowed.
func (a *app) mayStart(p *bench.Plan, allow bool) error {
	list := programsOf(p.Cells)
	if len(list) == 0 {
		return nil
	}
	folder := ""
	if p.Own != nil {
		folder = p.Own.Folder
	}
	all := fmt.Sprintf("in %s:\n%s", folder, strings.Join(list, "\n"))
	if !execAllowed(allow) {
		return usage(fmt.Errorf("%s starts %s of its own, with all your permissions; read "+
			"the code, then add --allow-exec\n%s", p.Name, text.Plural(len(list), "program"), all))
	}
	fmt.Fprintf(a.stderr, "starting programs %s\n", all)
	return nil
}

// host makes the learners of cells: methods of the registry, and programs of the user's own.
type host struct {
	*baselines.Shared
	folder string // folder of the programs; "": the current one
	temp   string // parent of the programs' working folders
}

func newHost(own *bench.OwnThings, temp string) *host {
	h := &host{Shared: baselines.NewShared(), temp: temp}
	if own != nil {
		h.folder = own.Folder
	}
	return h
}

func (h *host) learner(c bench.Cell) (bench.Learner, error) {
	if !isProgram(c) {
		return h.New(c)
	}
	s, err := external.Of(c.Method, c.Seed, cmp.Or(h.folder, "."))
	if err != nil {
		return nil, err
	}
	s.Threads, s.Temp, s.Name = h.Threads(), filepath.Join(h.temp, "programs"), c.ID()
	return external.Program(s), nil
}

// startable returns the cells without those whose programs are not allowed to start or are not
// deterministic. left has the reasons by id.
func startable(cells []bench.PlannedCell, v *verify.Report, allow bool) (out []bench.PlannedCell,
	left map[string]string) {
	left = map[string]string{}
	for _, c := range cells {
		switch {
		case !isProgram(c.Cell):
		case !allow:
			left[c.ID] = c.Label + " is a program of the user's own: --allow-exec starts it"
		case !v.Promises(c.ID):
			left[c.ID] = c.Label + " is a program that declares itself not deterministic"
		}
		if left[c.ID] == "" {
			out = append(out, c)
		}
	}
	return out, left
}
