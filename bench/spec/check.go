package spec

import (
	"maps"
	"math"

	"github.com/uaibench/uaibench/bench"
)

// What only the resolved layers show to be wrong.

// timesUnder multiplies, and stops counting above maxCells.
func timesUnder(a, b int) int { return min(a*b, maxCells+1) }

// checkSize bounds the number of cells.
func (r *resolver) checkSize() {
	datasets, methods := 0, 0
	for _, d := range r.sources {
		datasets += len(d.variants)
	}
	for _, m := range r.rows {
		methods = min(methods+timesUnder(timesUnder(len(r.budgets), len(r.ks)), len(m.variants)), maxCells+1)
	}
	if n := timesUnder(timesUnder(min(datasets, maxCells+1), methods), len(r.seeds)); n > maxCells {
		r.fail(r.rows[0].at, "the plan has more than %d cells (datasets x methods x seeds x the sweep): hardly what is meant", maxCells)
		r.full = true
	}
}

// checkRows holds each budget against the rows of each dataset, the fewest of its variants.
func (r *resolver) checkRows() {
	seed := r.dataSeed()
	for _, d := range r.sources {
		if d.data.Rows == nil {
			continue
		}
		least, bound := math.MaxInt, ""
		for _, v := range d.variants {
			if n, exact := d.data.Rows(bench.Complete(d.data.Params, v.params), seed); n < least {
				least, bound = n, ""
				if !exact {
					bound = "at most "
				}
			}
		}
		for _, b := range r.budgets {
			if b.value.Audits > least {
				r.fail(b.at, "%d is above the number of rows of %s, %s%d", b.value.Audits, d.id, bound, least)
			}
		}
	}
}

// checkDrawn holds the dataset parameter rows against the rows that there are without it.
func (r *resolver) checkDrawn() {
	seed := r.dataSeed()
	for _, d := range r.sources {
		p, ok := d.param("rows")
		if d.data.Rows == nil || !ok || p.Kind != bench.Int {
			continue
		}
		nodes, _ := r.assigned(d.entry, "rows")
		for _, at := range nodes {
			want, ok := r.value(at, p)
			if !ok {
				continue // which was said
			}
			least, bound := math.MaxInt, ""
			for _, v := range d.variants {
				all := maps.Clone(v.params)
				all["rows"] = 0
				if n, exact := d.data.Rows(bench.Complete(d.data.Params, all), seed); n < least {
					least, bound = n, ""
					if !exact {
						bound = "at most "
					}
				}
			}
			if want.(int) > least {
				r.fail(at, "%d is above the number of rows of %s, %s%d: 0 takes all", want, d.id, bound, least)
			}
		}
	}
}

// checkClasses says which methods cannot run on which datasets.
func (r *resolver) checkClasses() {
	for _, m := range r.rows {
		for _, d := range r.sources {
			if m.method.Class && d.data.Classes == 0 {
				r.fail(m.at, "%s needs class labels, and %s has none", m.id, d.id)
			}
		}
	}
}

// checkTwins says which entries come out with the parameters of an earlier one.
func (r *resolver) checkTwins(rows []*row) {
	entries := map[string]int{}
	for _, e := range rows {
		entries[e.id]++
	}
	first := map[string]*row{}
	for _, e := range rows {
		if entries[e.id] < 2 {
			continue
		}
		for _, v := range e.variants {
			key := e.id + jsonText(v.params)
			switch o := first[key]; {
			case o == nil:
				first[key] = e
			case o != e && o.name() != e.name(): // of equal names it was said already
				r.fail(e.at, "comes out as %s does, with the same parameters: nothing but the label tells them apart", o.at.path())
			}
		}
	}
}
