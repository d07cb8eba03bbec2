package figures

import (
	"fmt"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
)

// probed returns, for each checkpoint of a series, its number of audits and the data of the seeds
// that have it.
func probed[T any](results []*runlog.Result, get func(*runlog.Checkpoint) *T) (at []int,
	looks [][]*T) {
	if len(results) == 0 {
		return nil, nil
	}
	for i, first := range results[0].Checkpoints {
		var l []*T
		for _, r := range results {
			if i < len(r.Checkpoints) {
				if v := get(&r.Checkpoints[i]); v != nil {
					l = append(l, v)
				}
			}
		}
		if len(l) > 0 {
			at, looks = append(at, first.At), append(looks, l)
		}
	}
	return at, looks
}

// isStatic reports whether a series is of a method that does not learn, whose one checkpoint holds
// for every budget.
func isStatic(results []*runlog.Result) bool {
	return len(results) > 0 && results[0].Full != nil
}

// countsNote gives the numbers of cells that a figure rests on.
func countsNote(of string, c model.Counts) string { return fmt.Sprintf("%s: %s.", of, c) }

// eachResult calls visit for each series that has a result.
func eachResult(m *model.Model, visit func(*model.Group, *model.Series, []*runlog.Result)) {
	for _, p := range m.Groups {
		for _, s := range p.Series {
			if r := s.Results(); len(r) > 0 {
				visit(p, s, r)
			}
		}
	}
}

// probedAt is a checkpoint's number of audits. For a method that does not learn it is noted that it
// holds for every budget.
func probedAt(results []*runlog.Result, at int) table.Value {
	if isStatic(results) {
		return table.Int(at).Noted("does not learn from audits: the same at every budget")
	}
	return table.Int(at)
}

func appendKnown(xs []float64, x *float64) []float64 {
	if x == nil {
		return xs
	}
	return append(xs, *x)
}

func spreadOr(xs []float64) table.Value {
	if len(xs) == 0 {
		return table.Missing("undefined")
	}
	return table.MeanSD(xs)
}

// Absent is the missing value of a series without a number: the dataset is missing, or no cell is
// done.
func Absent(s *model.Series) table.Value {
	if s.Counts.NoData > 0 {
		return table.Missing(string(model.NoData))
	}
	return table.Missing("—")
}
