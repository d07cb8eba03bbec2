package model

import (
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/text"
)

// nondeterministic warns about user programs that do not declare themselves deterministic.
func nondeterministic(run *runlog.Run) []string {
	var out []string
	for _, c := range run.Cells {
		if c.Result == nil || c.Result.Program == nil || c.Result.Program.Deterministic {
			continue
		}
		s := fmt.Sprintf("%s is a program that does not declare itself deterministic: the same "+
			"cells may have other results elsewhere", text.Clean(c.Label))
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
