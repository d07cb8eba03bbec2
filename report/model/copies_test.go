package model

import (
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
)

// Seeds with byte-identical audits are one run. A single seed, differing seeds, and cells of an
// older version without digests are no copies.
func TestCopies(t *testing.T) {
	series := func(logs ...string) *Series {
		s := &Series{}
		for _, log := range logs {
			c := Cell{State: runlog.Done}
			c.Result = &runlog.Result{}
			switch log {
			case "failed":
				c.State = runlog.Failed
			default:
				c.Status.Files = map[string]string{runlog.LogName: log}
			}
			s.Cells = append(s.Cells, c)
		}
		return s
	}
	for _, c := range []struct {
		logs     []string
		copies   bool
		distinct int
	}{
		{[]string{"a", "a", "a"}, true, 1},
		{[]string{"a", "failed", "a"}, true, 1},
		{[]string{"a"}, false, 1},
		{[]string{"a", "failed"}, false, 1},
		{[]string{"a", "a", "b"}, false, 3},
		{[]string{"a", "b", "a"}, false, 3},
		{[]string{"", ""}, false, 2},
		{nil, false, 0},
	} {
		s := series(c.logs...)
		if s.Copies() != c.copies || len(s.Distinct()) != c.distinct {
			t.Errorf("%q: copies %v, %d distinct", c.logs, s.Copies(), len(s.Distinct()))
		}
	}
}
