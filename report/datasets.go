package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// datasetTable sets the built datasets beside the paper's statistics (Tables 1, 2 and 4).
func (m *model) datasetTable() *Table {
	t := &Table{
		Name:    "datasets",
		Title:   "Datasets beside the paper's statistics",
		Caption: "As built for this run, read from its results; published figures from Tables 1, 2 and 4.",
		Columns: []Column{
			{Name: "dataset"},
			{Name: "features", Kind: Count},
			{Name: "classes", Kind: Count},
			{Name: "rows", Kind: Count},
			{Name: "published rows", Kind: Count},
			{Name: "difference in rows", Kind: Count},
			{Name: "anomalies", Kind: Count},
			{Name: "published anomalies", Kind: Count},
			{Name: "difference in anomalies", Kind: Count},
			{Name: "ratio %", Kind: Number, Decimals: 2},
			{Name: "published ratio %", Kind: Number, Decimals: 2},
		},
	}
	for _, p := range m.Pools {
		name := Str(p.Title)
		if changed := changedParams(p); changed != "" {
			name = name.Noted(t.Note("built with " + changed + ": not the published pool, so differences are by construction"))
		}
		if !p.Known {
			name = name.Noted(t.Note("unknown to this program's catalogue"))
		}
		pubRows, pubAnomalies := p.Info.Published.Rows, p.Info.Published.Anomalies
		ratio := func(a, n int) Value {
			if a <= 0 || n <= 0 {
				return Missing("not given")
			}
			return Num(100 * float64(a) / float64(n))
		}
		published := func(n int) Value {
			if n == 0 {
				return Missing("not given")
			}
			return Int(n)
		}
		r := p.first()
		if r == nil {
			why := "not measured"
			if p.Counts.NoData > 0 {
				why = string(noData)
			}
			gone := Missing(why).Noted(t.Note(fmt.Sprintf("no cell of %s is done (%s), so nothing was measured", p.Title, p.Counts)))
			t.Add(name, gone, gone, gone, published(pubRows), gone, gone, published(pubAnomalies), gone, gone, ratio(pubAnomalies, pubRows))
			continue
		}
		difference := func(got, pub int) Value {
			switch {
			case pub == 0:
				return Missing("—")
			case got != pub:
				return Int(got - pub).Marked()
			}
			return Int(0)
		}
		classes := Int(r.Classes)
		if r.Classes == 0 {
			classes = Missing("none")
		}
		measured := Num(0)
		if r.Rows > 0 {
			measured = Num(100 * float64(r.Anomalies) / float64(r.Rows))
		}
		features := Int(r.Features)
		if p.Known && p.Info.Features > 0 && p.Info.Features != r.Features {
			features = features.Marked().Noted(t.Note(fmt.Sprintf("the catalogue says %s for %s", comma(p.Info.Features), p.Title)))
		}
		t.Add(name, features, classes, Int(r.Rows), published(pubRows), difference(r.Rows, pubRows),
			Int(r.Anomalies), published(pubAnomalies), difference(r.Anomalies, pubAnomalies),
			measured, ratio(pubAnomalies, pubRows))
	}
	return t
}

// changedParams lists the dataset's parameters that are not the catalogue's defaults.
func changedParams(p *pool) string {
	var out []string
	for _, q := range p.Info.Params {
		if v, ok := p.Ref.Params[q.Name]; ok && showValue(v) != showValue(q.Default) {
			out = append(out, q.Name+" = "+showValue(v))
		}
	}
	return strings.Join(out, ", ")
}

// assumptionsTable lists every parameter of every method and dataset of the run with the values that
// it ran with: what the paper leaves open is here, or it is nowhere.
func (m *model) assumptionsTable() *Table {
	t := &Table{
		Name:  "assumptions",
		Title: "Assumptions",
		Caption: "Every parameter of the run's methods and datasets, and the run's own. An open point (U1, U2 …) is a choice that the paper does not state. " +
			"Values that were swept, or that are not the default, stand out.",
		Columns: []Column{
			{Name: "of"},
			{Name: "parameter"},
			{Name: "used"},
			{Name: "default"},
			{Name: "open point"},
			{Name: "what"},
			{Name: "source"},
		},
	}
	m.runAssumptions(t)
	var seen []string
	for _, p := range slices.Concat(m.Pools, m.Halves) {
		if slices.Contains(seen, p.Ref.ID) {
			continue
		}
		seen = append(seen, p.Ref.ID)
		var used []bench.Params
		var seeds []uint64
		for _, q := range slices.Concat(m.Pools, m.Halves) {
			if q.Ref.ID == p.Ref.ID {
				used = append(used, q.Ref.Params)
				seeds = append(seeds, q.Ref.Seed)
			}
		}
		of := cmp.Or(clean(p.Info.Title), clean(p.Ref.ID))
		addParams(t, of, p.Info.Params, used)
		slices.Sort(seeds)
		t.Add(Str(of), Str("data seed"), Str(join(slices.Compact(seeds), func(s uint64) string { return fmt.Sprint(s) })), Str(""), Str(""),
			Str("seed of the dataset's own draws, shared by all runs"), Str(""))
	}
	seen = nil
	for _, c := range m.Run.Cells {
		id := c.Cell.Method.ID
		if slices.Contains(seen, id) {
			continue
		}
		seen = append(seen, id)
		info, _ := m.Catalog.Method(id)
		var used []bench.Params
		for _, o := range m.Run.Cells {
			if o.Cell.Method.ID == id {
				used = append(used, o.Cell.Method.Params)
			}
		}
		addParams(t, cmp.Or(clean(info.Title), clean(id)), info.Params, used)
	}
	shareRows(t)
	return t
}

// shareRows makes one row of those that differ by their first column alone, whose entries it lists:
// what several methods have in common is read once.
func shareRows(t *Table) {
	at := map[string]int{}
	rows := t.Rows[:0]
	for _, r := range t.Rows {
		key := fmt.Sprintf("%+v", r[1:])
		if i, ok := at[key]; ok {
			rows[i][0].text += ", " + r[0].text
			continue
		}
		at[key] = len(rows)
		rows = append(rows, r)
	}
	t.Rows = rows
}

// addParams adds a row for every parameter that is known or was used.
func addParams(t *Table, of string, known []bench.Param, used []bench.Params) {
	names := []string{}
	for _, p := range known {
		names = append(names, p.Name)
	}
	for _, u := range used {
		for name := range u {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names[len(known):])
	for i, u := range used {
		used[i] = bench.Complete(slices.DeleteFunc(slices.Clone(known), func(p bench.Param) bool { return !p.Later }), u)
	}
	for i, name := range names {
		var values []string
		for _, u := range used {
			v := "not set"
			if x, ok := u[name]; ok {
				v = showValue(x)
			}
			if !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		value := Str(strings.Join(values, "; "))
		if len(values) > 1 {
			value = value.Marked().Noted(t.Note("swept, or not the same for all cells"))
		}
		if i >= len(known) {
			t.Add(Str(of), Str(name), value.Marked().Noted(t.Note("unknown to this program's catalogue")), Str(""), Str(""), Str(""), Str(""))
			continue
		}
		p := known[i]
		if len(values) == 1 && values[0] != showValue(p.Default) {
			value = value.Marked().Noted(t.Note("not the default"))
		}
		t.Add(Str(of), Str(name), value, Str(showValue(p.Default)), Str(p.Open), Str(p.Doc), Str(p.Source))
	}
}

// runAssumptions are the settings that belong to no method and no dataset.
func (m *model) runAssumptions(t *Table) {
	add := func(name, fallback, doc, source string, get func(bench.Cell) string) {
		var values []string
		for _, c := range m.Run.Cells {
			if c.Cell.Halved() {
				continue // nothing is audited
			}
			if v := get(c.Cell); !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		v := Str(strings.Join(values, "; "))
		switch {
		case len(values) > 1:
			v = v.Marked().Noted(t.Note("swept, or not the same for all cells"))
		case len(values) == 1 && fallback != "" && values[0] != fallback:
			v = v.Marked().Noted(t.Note("not the default"))
		}
		t.Add(Str("run"), Str(name), v, Str(fallback), Str(""), Str(doc), Str(source))
	}
	add("budget", "", "audits in all", "", func(c bench.Cell) string { return c.Budget.String() })
	add("k", bench.K{Below: 100, Then: 3, Else: 10}.String(), "audits a round", "paper, App. A.1 and Sec. 4.2", func(c bench.Cell) string { return c.K.String() })
	add("oracle noise", "none", "how often the expert errs", "paper: noise-free", func(c bench.Cell) string {
		if c.Noise == (bench.Noise{}) {
			return "none"
		}
		return fmt.Sprintf("misses %g, false alarms %g", c.Noise.Miss, c.Noise.Alarm)
	})
	add("checkpoints", "", "audits after which the model was looked at", "", func(c bench.Cell) string {
		if len(c.Checkpoints) == 0 {
			return "none"
		}
		s := showValue(c.Checkpoints)
		if c.Look != nil {
			s += ", and at " + strings.Join(c.Look, ", ")
		}
		return s
	})
	if len(m.Halves) > 0 {
		t.Add(Str("run"), Str("halves"), Str("half of the rows train, the odd one tests; scaled by what is trained on"), Str(""), Str(""),
			Str("of cells of the half-split protocol, whose table says what the training half keeps and what is flagged"), Str("inferred from Table 3's quotients of recall and precision; Zong et al. 2018"))
	}
	var seeds []uint64
	for _, c := range m.Run.Cells {
		seeds = append(seeds, c.Cell.Seed)
	}
	slices.Sort(seeds)
	seeds = slices.Compact(seeds)
	t.Add(Str("run"), Str("seeds"), Str(join(seeds, func(s uint64) string { return fmt.Sprint(s) })), Str(""), Str(""),
		Str("one run of each method on each dataset a seed"), Str("paper: five"))
	limit := "none"
	if m.Run.Plan.Timeout > 0 {
		limit = m.Run.Plan.Timeout.String()
	}
	t.Add(Str("run"), Str("time limit"), Str(limit), Str(""), Str(""), Str("of a cell"), Str(""))
}

func join[T any](xs []T, show func(T) string) string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = show(x)
	}
	return strings.Join(out, ", ")
}
