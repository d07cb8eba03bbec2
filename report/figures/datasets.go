package figures

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// datasetTable sets the built datasets beside the paper's statistics (Tables 1, 2 and 4).
func datasetTable(m *model.Model) *table.Table {
	t := &table.Table{
		Name:    "datasets",
		Title:   "Datasets beside the paper's statistics",
		Caption: "As built for this run, read from its results; published figures from Tables 1, 2 and 4.",
		Columns: []table.Column{
			{Name: "dataset"},
			{Name: "features", Kind: table.Count},
			{Name: "classes", Kind: table.Count},
			{Name: "rows", Kind: table.Count},
			{Name: "published rows", Kind: table.Count},
			{Name: "difference in rows", Kind: table.Count},
			{Name: "anomalies", Kind: table.Count},
			{Name: "published anomalies", Kind: table.Count},
			{Name: "difference in anomalies", Kind: table.Count},
			{Name: "ratio %", Kind: table.Number, Decimals: 2},
			{Name: "published ratio %", Kind: table.Number, Decimals: 2},
		},
	}
	for _, p := range m.Groups {
		name := table.Str(p.Title)
		if changed := changedParams(p); changed != "" {
			name = name.Noted("built with " + changed + ": not the published pool, so differences are by construction")
		}
		if !p.Known {
			name = name.Noted("unknown to this program's catalogue")
		}
		pubRows, pubAnomalies := p.Info.Published.Rows, p.Info.Published.Anomalies
		ratio := func(a, n int) table.Value {
			if a <= 0 || n <= 0 {
				return table.Missing("not given")
			}
			return table.Num(100 * float64(a) / float64(n))
		}
		published := func(n int) table.Value {
			if n == 0 {
				return table.Missing("not given")
			}
			return table.Int(n)
		}
		r := p.First()
		if r == nil {
			why := "not measured"
			if p.Counts.NoData > 0 {
				why = string(model.NoData)
			}
			gone := table.Missing(why).Noted(fmt.Sprintf("no cell of %s is done (%s), so nothing was measured", p.Title, p.Counts))
			t.Add(name, gone, gone, gone, published(pubRows), gone, gone, published(pubAnomalies), gone, gone, ratio(pubAnomalies, pubRows))
			continue
		}
		difference := func(got, pub int) table.Value {
			switch {
			case pub == 0:
				return table.Missing("—")
			case got != pub:
				return table.Int(got - pub).Marked()
			}
			return table.Int(0)
		}
		classes := table.Int(r.Classes)
		if r.Classes == 0 {
			classes = table.Missing("none")
		}
		measured := table.Num(0)
		if r.Rows > 0 {
			measured = table.Num(100 * float64(r.Anomalies) / float64(r.Rows))
		}
		features := table.Int(r.Features)
		if p.Known && p.Info.Features > 0 && p.Info.Features != r.Features {
			features = features.Marked().Noted(fmt.Sprintf("the catalogue says %s for %s", text.Comma(p.Info.Features), p.Title))
		}
		t.Add(name, features, classes, table.Int(r.Rows), published(pubRows), difference(r.Rows, pubRows),
			table.Int(r.Anomalies), published(pubAnomalies), difference(r.Anomalies, pubAnomalies),
			measured, ratio(pubAnomalies, pubRows))
	}
	return t
}

// changedParams lists the dataset's parameters that are not the catalogue's defaults.
func changedParams(p *model.Group) string {
	var out []string
	for _, q := range p.Info.Params {
		if v, ok := p.Ref.Params[q.Name]; ok && text.Param(v) != text.Param(q.Default) {
			out = append(out, q.Name+" = "+text.Param(v))
		}
	}
	return strings.Join(out, ", ")
}

// assumptionsTable lists every parameter of every method and dataset of the run with the values that
// it ran with: what the paper leaves open is here, or it is nowhere.
func assumptionsTable(m *model.Model) *table.Table {
	t := &table.Table{
		Name:  "assumptions",
		Title: "Assumptions",
		Caption: "Every parameter of the run's methods and datasets, and the run's own. An open point (U1, U2 …) is a choice that the paper does not state. " +
			"Values that were swept, or that are not the default, stand out.",
		Columns: []table.Column{
			{Name: "of"},
			{Name: "parameter"},
			{Name: "used"},
			{Name: "default"},
			{Name: "open point"},
			{Name: "what"},
			{Name: "source"},
		},
	}
	runAssumptions(m, t)
	var seen []string
	for _, p := range slices.Concat(m.Groups, m.Halves) {
		if slices.Contains(seen, p.Ref.ID) {
			continue
		}
		seen = append(seen, p.Ref.ID)
		var used []bench.Params
		var seeds []uint64
		for _, q := range slices.Concat(m.Groups, m.Halves) {
			if q.Ref.ID == p.Ref.ID {
				used = append(used, q.Ref.Params)
				seeds = append(seeds, q.Ref.Seed)
			}
		}
		of := cmp.Or(text.Clean(p.Info.Title), text.Clean(p.Ref.ID))
		addParams(t, of, p.Info.Params, used)
		slices.Sort(seeds)
		t.Add(table.Str(of), table.Str("data seed"), table.Str(text.Join(slices.Compact(seeds), func(s uint64) string { return fmt.Sprint(s) })), table.Str(""), table.Str(""),
			table.Str("seed of the dataset's own draws, shared by all runs"), table.Str(""))
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
		addParams(t, cmp.Or(text.Clean(info.Title), text.Clean(id)), info.Params, used)
	}
	shareRows(t)
	return t
}

// shareRows makes one row of those that differ by their first column alone, whose entries it lists:
// what several methods have in common is read once.
func shareRows(t *table.Table) {
	at := map[string]int{}
	rows := t.Rows[:0]
	for _, r := range t.Rows {
		key := fmt.Sprintf("%+v", r[1:])
		if i, ok := at[key]; ok {
			rows[i][0].Text += ", " + r[0].Text
			continue
		}
		at[key] = len(rows)
		rows = append(rows, r)
	}
	t.Rows = rows
}

// addParams adds a row for every parameter that is known or was used.
func addParams(t *table.Table, of string, known []bench.Param, used []bench.Params) {
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
				v = text.Param(x)
			}
			if !slices.Contains(values, v) {
				values = append(values, v)
			}
		}
		value := table.Str(strings.Join(values, "; "))
		if len(values) > 1 {
			value = value.Marked().Noted("swept, or not the same for all cells")
		}
		if i >= len(known) {
			t.Add(table.Str(of), table.Str(name), value.Marked().Noted("unknown to this program's catalogue"), table.Str(""), table.Str(""), table.Str(""), table.Str(""))
			continue
		}
		p := known[i]
		if len(values) == 1 && values[0] != text.Param(p.Default) {
			value = value.Marked().Noted("not the default")
		}
		t.Add(table.Str(of), table.Str(name), value, table.Str(text.Param(p.Default)), table.Str(p.Open), table.Str(p.Doc), table.Str(p.Source))
	}
}

// runAssumptions are the settings that belong to no method and no dataset.
func runAssumptions(m *model.Model, t *table.Table) {
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
		v := table.Str(strings.Join(values, "; "))
		switch {
		case len(values) > 1:
			v = v.Marked().Noted("swept, or not the same for all cells")
		case len(values) == 1 && fallback != "" && values[0] != fallback:
			v = v.Marked().Noted("not the default")
		}
		t.Add(table.Str("run"), table.Str(name), v, table.Str(fallback), table.Str(""), table.Str(doc), table.Str(source))
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
		s := text.Param(c.Checkpoints)
		if c.Look != nil {
			s += ", and at " + strings.Join(c.Look, ", ")
		}
		return s
	})
	add("candidates", "none", "an approximation: rows scored between full passes", "methods.md, section 10", func(c bench.Cell) string {
		if c.Candidates.Rows == 0 {
			return "none"
		}
		return fmt.Sprintf("the best %s of the last full pass, one every %s", text.Comma(c.Candidates.Rows), text.Plural(c.Candidates.Every, "round"))
	})
	if len(m.Halves) > 0 {
		t.Add(table.Str("run"), table.Str("halves"), table.Str("half of the rows train, the odd one tests; scaled by what is trained on"), table.Str(""), table.Str(""),
			table.Str("of cells of the half-split protocol, whose table says what the training half keeps and what is flagged"), table.Str("inferred from Table 3's quotients of recall and precision; Zong et al. 2018"))
	}
	var seeds []uint64
	for _, c := range m.Run.Cells {
		seeds = append(seeds, c.Cell.Seed)
	}
	slices.Sort(seeds)
	seeds = slices.Compact(seeds)
	t.Add(table.Str("run"), table.Str("seeds"), table.Str(text.Join(seeds, func(s uint64) string { return fmt.Sprint(s) })), table.Str(""), table.Str(""),
		table.Str("one run of each method on each dataset a seed"), table.Str("paper: five"))
	limit := "none"
	if m.Run.Plan.Timeout > 0 {
		limit = m.Run.Plan.Timeout.String()
	}
	t.Add(table.Str("run"), table.Str("time limit"), table.Str(limit), table.Str(""), table.Str(""), table.Str("of a cell"), table.Str(""))
}
