package spec

import (
	"fmt"
	"maps"
	"math"

	"github.com/uaibench/uaibench/bench"
)

// Checks that need the resolved layers.

// timesUnder returns a*b, capped at maxCells+1.
func timesUnder(a, b int) int { return min(a*b, maxCells+1) }

// checkSize bounds the number of cells.
func (r *resolver) checkSize() {
	cells := 0
	for _, p := range r.pools {
		methods := 0
		for _, m := range p.methods {
			each := 0
			for _, how := range r.protocolsOf(m.entry) {
				if how.pool {
					each = min(each+timesUnder(len(p.budgets), len(p.ks)), maxCells+1)
				} else {
					each++
				}
			}
			methods = min(methods+timesUnder(each, len(m.combinations)), maxCells+1)
		}
		cells = min(cells+timesUnder(min(len(p.combinations), maxCells+1), methods), maxCells+1)
	}
	if timesUnder(cells, len(r.seeds)) > maxCells {
		r.fail(r.methods[0].at,
			"the plan has more than %d cells (datasets x methods x seeds x the sweep):"+
				" reduce one of these", maxCells)
		r.full = true
	}
}

// rows returns the least number of rows over a pool's combinations, each with set overriding its
// parameters, and its text for messages. ok is false if the catalogue does not know.
func (r *resolver) rows(p *pool, set bench.Params) (least int, text string, ok bool) {
	if p.data.Rows == nil || len(p.combinations) == 0 {
		return 0, "", false
	}
	least = math.MaxInt
	for _, c := range p.combinations {
		params := maps.Clone(c.params)
		maps.Copy(params, set)
		for _, seed := range r.dataSeeds() {
			n, exact := p.data.Rows(bench.Complete(p.data.Params, params), seed)
			if n < least {
				least, text = n, fmt.Sprint(n)
				if !exact {
					text = "at most " + text
				}
			}
		}
	}
	return least, text, true
}

// checkRows checks each budget against the rows of each dataset.
func (r *resolver) checkRows() {
	for _, p := range r.pools {
		rows, text, ok := r.rows(p, nil)
		for _, b := range p.budgets {
			if ok && b.value.Audits > rows {
				r.fail(b.at, "%d is above the number of rows of %s, %s", b.value.Audits, p.who(), text)
			}
		}
	}
}

// checkDrawn checks the dataset parameter rows against the number of rows without it.
func (r *resolver) checkDrawn() {
	for _, p := range r.pools {
		drawn, has := p.param("rows")
		if !has || drawn.Kind != bench.Int {
			continue
		}
		rows, text, ok := r.rows(p, bench.Params{"rows": 0})
		r.now = p.change
		nodes, _ := r.assigned(p.entry, nil, "rows")
		r.now = nil
		for _, at := range nodes {
			if want, good := r.param(at, drawn); good && ok && want.(int) > rows {
				r.fail(at, "%d is above the number of rows of %s, %s: write 0 for all", want, p.who(),
					text)
			}
		}
	}
}

// checkClasses reports methods that need class labels with datasets that have none.
func (r *resolver) checkClasses() {
	for _, m := range r.methods {
		for _, d := range r.pools {
			if m.info.Class && d.data.Classes == 0 && !d.unread {
				r.fail(m.at, "%s needs class labels, and %s has none", m.ID, d.who())
			}
		}
	}
}

// checkTwins reports entries with the same resolved settings as an earlier one, within one variant.
// A variant may equal another or the default: that may be its result.
func (r *resolver) checkTwins() {
	datasets := map[*change][]twin{}
	var order []*change
	for _, p := range r.pools {
		if datasets[p.change] == nil {
			order = append(order, p.change)
		}
		datasets[p.change] = append(datasets[p.change], twin{p.row,
			[]string{fmt.Sprint(p.budgetText(), p.at(), paramsText(p.dataset.MethodParams))}})
		var methods []twin
		for _, m := range p.methods {
			var ways []string
			for _, how := range r.protocolsOf(m.entry) {
				ways = append(ways, fmt.Sprint(how.pool, how.split, how.threshold))
			}
			methods = append(methods, twin{*m, ways})
		}
		r.checkTwinsAmong(methods)
	}
	for _, s := range order {
		r.checkTwinsAmong(datasets[s])
	}
}

// twin is an entry with its settings other than parameters, once for each of its protocols.
type twin struct {
	row
	ways []string
}

// budgetText is distinct for distinct values of budget and k.
func (p *pool) budgetText() string {
	var out []string
	for _, b := range p.budgets {
		out = append(out, b.value.String())
	}
	for _, k := range p.ks {
		out = append(out, k.value.String())
	}
	return jsonText(out)
}

func (r *resolver) checkTwinsAmong(rows []twin) {
	entries := map[string]int{}
	for _, e := range rows {
		entries[e.ID]++
	}
	first := map[string]*twin{}
	for i, e := range rows {
		if entries[e.ID] < 2 {
			continue
		}
		for _, v := range e.combinations {
			for _, way := range e.ways {
				key := e.ID + jsonText(v.params) + e.content() + way
				switch o := first[key]; {
				case o == nil:
					first[key] = &rows[i]
				case o.entry != e.entry &&
					o.name() != e.name(): // equal names have been reported already
					r.fail(e.at, "is the same as %s, parameters included:"+
						" only the labels differ", o.at.Path())
				}
			}
		}
	}
}
