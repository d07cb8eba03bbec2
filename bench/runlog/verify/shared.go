package verify

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// ranked is a cell's ranking before the first label: rows, best first, with their scores. For a
// method that does not learn these are all audits, for others those of the first round.
type ranked struct {
	rows       []int32
	scores     []float64
	head       string
	unlabelled *runlog.RankMetrics
	full       metric.RecallCurve
}

// rankedOf returns the first ranking of a cell.
func rankedOf(r *runlog.Result, queries []runlog.Audit) ranked {
	k := ranked{unlabelled: r.Unlabelled, full: r.Full}
	for _, q := range queries {
		if q.Call > 1 && !static(r) {
			break
		}
		k.rows, k.scores = append(k.rows, int32(q.Row)), append(k.scores, q.Score)
		k.head = q.Head
	}
	return k
}

// differs describes where two rankings by the same model differ; "" if they do not.
func (a ranked) differs(b ranked) string {
	for i := range min(len(a.rows), len(b.rows)) {
		switch {
		case a.rows[i] != b.rows[i]:
			return fmt.Sprintf("audit %d is row %d here and row %d there", i+1, a.rows[i],
				b.rows[i])
		case a.scores[i] != b.scores[i] && !math.IsNaN(a.scores[i]) && !math.IsNaN(b.scores[i]):
			return fmt.Sprintf("row %d, audit %d, scores %v here and %v there", a.rows[i], i+1,
				a.scores[i], b.scores[i])
		}
	}
	switch {
	case a.unlabelled != nil && b.unlabelled != nil && !equalRanks(*a.unlabelled, *b.unlabelled):
		return fmt.Sprintf("ROC-AUC and average precision of all scores are %s here and %s there",
			show(a.unlabelled), show(b.unlabelled))
	case a.full != nil && b.full != nil && !slices.Equal(a.full, b.full):
		return "the curves of the complete rankings differ"
	}
	return ""
}

func show(m *runlog.RankMetrics) string {
	text := func(v *float64) string {
		if v == nil {
			return "undefined"
		}
		return fmt.Sprint(*v)
	}
	return text(m.ROCAUC) + " and " + text(m.AveragePrecision)
}

// shared compares cells that have the same model before the first label: by one pre-training
// (Options.Pretraining), or by one method with one seed on one dataset. They must agree on what it
// ranks first, and on its scores, which slim cells lack. If two cells disagree and no others decide
// which is right, both are named.
func (v *Report) shared() {
	v.inGroups(v.modelOf, func(cells []*checked) {
		for _, c := range cells {
			agree, disagree := 0, 0
			var with *checked
			where := ""
			for _, other := range cells {
				if other == c {
					continue
				}
				w := c.first.differs(other.first)
				switch {
				case w == "":
					agree++
					continue
				case with == nil:
					with, where = other, w
				}
				disagree++
			}
			if agree+disagree > 0 && disagree == 0 {
				v.Models++
			}
			if disagree > 0 && disagree >= agree {
				file := v.files.Path(runlog.CellFile(c.ID, runlog.LogName))
				v.find(c.ID, file, fmt.Errorf("%s: %s has the same model before the first label as "+
					"%s (cell %s), but %s: one of the two was changed (%d cells agree with this "+
					"one, %d do not)", file, v.name(c.PlannedCell), v.name(with.PlannedCell), with.ID,
					where, agree, disagree))
			}
		}
	})
}

// modelOf identifies a cell's model before the first label and the head that ranked by it; "" if
// nothing was audited.
func (v *Report) modelOf(c *checked) string {
	if len(c.first.rows) == 0 {
		return ""
	}
	if v.options.Pretraining != nil && c.first.head == bench.HeadBase.String() {
		if key := v.options.Pretraining(c.Cell); key != "" {
			return "pre-training " + key
		}
	}
	return "method " + mustJSON(struct {
		Dataset string
		Method  bench.MethodRef
		Seed    uint64
		Head    string
	}{c.Cell.Dataset.Key(), c.Cell.Method, c.Cell.Seed, c.first.head})
}

// oneKind checks that the cells of a method with the same parameters either all learn or all do
// not: without Full, a cell that does not learn would escape checks. If both kinds are equally
// frequent, all cells are named.
func (v *Report) oneKind() {
	v.inGroups(
		func(c *checked) string {
			if c.Cell.HasHoldout() {
				return ""
			}
			return mustJSON(c.Cell.Method)
		},
		func(cells []*checked) {
			ranks := 0
			for _, c := range cells {
				if static(c.result) {
					ranks++
				}
			}
			for _, c := range cells {
				is := static(c.result)
				others := ranks
				if is {
					others = len(cells) - ranks
				}
				if others > 0 && 2*others >= len(cells) {
					file := v.files.Path(runlog.CellFile(c.ID, runlog.ResultName))
					v.find(c.ID, file, fmt.Errorf("%s: %d of %d cells of %s with these parameters "+
						"have full, the curve of one ranking; here it is %s", file, ranks,
						len(cells), c.Cell.Method.ID, map[bool]string{true: "present",
							false: "missing"}[is]))
				}
			}
		})
}

// inGroups calls do with the cells of each key, in the plan's order; it skips cells with an empty
// key.
func (v *Report) inGroups(key func(*checked) string, do func([]*checked)) {
	groups := map[string][]*checked{}
	var order []string
	for i := range v.cells {
		c := &v.cells[i]
		if c.result == nil {
			continue
		}
		k := key(c)
		if k == "" {
			continue
		}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], c)
	}
	for _, k := range order {
		do(groups[k])
	}
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("verify: " + err.Error())
	}
	return string(b)
}
