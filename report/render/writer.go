package render

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// writer renders one document.
type writer struct {
	*sets
	template  Template
	documents Documents // the document and its plots
}

func (w *writer) render() error {
	t := template.New(w.template.File).Funcs(w.functions())
	t.Funcs(template.FuncMap{"shared": func(name string) (string, error) {
		var b strings.Builder
		err := t.ExecuteTemplate(&b, name, nil)
		items := strings.Split(strings.TrimPrefix(b.String(), "* "), "\n* ")
		for i, item := range items {
			items[i] = "* " + strings.Join(strings.Fields(item), " ")
		}
		return strings.Join(items, "\n"), err
	}})
	_, err := t.New("shared").Parse(w.Shared)
	if err == nil {
		_, err = t.Parse(w.template.Text)
	}
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, nil); err != nil {
		return err
	}
	made := []byte(fill(b.String()))
	if w.template.Part {
		old, err := os.ReadFile(filepath.Join(w.Root, filepath.FromSlash(w.template.Out)))
		if err != nil {
			return err
		}
		if made, err = part(old, made); err != nil {
			return err
		}
	}
	w.documents[w.template.Out] = made
	return nil
}

func (w *writer) functions() template.FuncMap {
	judged := func(of func(*claims.Judgement) *table.Table) func() (string, error) {
		return func() (string, error) {
			w.judging.Lock()
			defer w.judging.Unlock()
			t := of(w.judgement)
			return w.brief(t, t)
		}
	}
	return template.FuncMap{
		"has":  func(set string) bool { return w.runs[set] != nil },
		"page": w.page, "status": w.status, "took": w.took, "set": w.set, "sets": w.digests, "digest": w.digest,
		"table": w.table, "plot": w.plot, "found": w.found, "anomalies": w.anomalies,
		"reached": w.reached, "evidence": w.evidence,
		"numbers": w.numbers,
		"verdict": w.verdict, "answer": w.answer, "doubt": w.doubt, "estimate": w.estimate, "headlines": w.headlines,
		"decided":  w.decided,
		"verdicts": w.verdicts, "resting": w.resting, "record": w.record,
		"summary":     w.judgement.Headline,
		"ablations":   judged((*claims.Judgement).SensitivityTable),
		"intervals":   judged((*claims.Judgement).CoverageTable),
		"calibration": judged((*claims.Judgement).CalibrationTable),
		"predictions": judged((*claims.Judgement).PredictionTable),
		"deviations":  judged((*claims.Judgement).DeviationTable),
	}
}

// link is the path of a file below Root, relative to the document.
func (w *writer) link(file string) string { return relative(w.template.Out, file) }

func (w *writer) set(name string) (string, error) {
	p, err := w.of(name)
	if err != nil {
		return "", err
	}
	ran := strings.Join(append([]string{p.Ran}, p.Mixed...), "; ")
	pack := name + runlog.PackSuffix
	profile := ""
	if of := w.runs[name].Plan.Profile; of != "" {
		profile = fmt.Sprintf(", `--profile %s`", of)
	}
	return fmt.Sprintf("[%s](%s)%s: %s; results `%.16s…`; last worked on: %s.",
		pack, w.link(path.Join(w.Results, pack)), profile, p.Counts, p.Digest, ran), nil
}

func (w *writer) digest(set string) (string, error) {
	p, err := w.of(set)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%.16s", p.Digest), nil
}

// digests is a table of all sets.
func (w *writer) digests() (string, error) {
	type row struct {
		set string
		*parts
	}
	var rows []row
	for _, name := range w.names {
		p, err := w.of(name)
		if err != nil {
			return "", err
		}
		rows = append(rows, row{name, p})
	}
	t := table.Build(table.Table{Name: "sets"}, rows,
		table.Col[row]{Name: "set", Value: func(r row) table.Value { return table.Str(r.set) }},
		table.Col[row]{Name: "cells", Value: func(r row) table.Value {
			return table.Str(r.Counts)
		}},
		table.Col[row]{Name: "digest", Value: func(r row) table.Value {
			return table.Str(fmt.Sprintf("%.16s", r.Digest))
		}})
	return markdown(t)
}

func (w *writer) page(experiment string) string {
	if len(w.setsOf(experiment)) == 0 {
		return "`" + experiment + "`"
	}
	return fmt.Sprintf("[%s](%s)", experiment, w.link(w.pageOf(experiment)))
}

// status is the number of done cells in all sets of an experiment; a cell in two sets counts once.
func (w *writer) status(experiment string) string {
	done, seen := 0, map[string]bool{}
	for _, set := range w.setsOf(experiment) {
		for _, c := range w.runs[set].Cells {
			if !seen[c.ID] && c.Status.State == runlog.Done {
				done++
			}
			seen[c.ID] = true
		}
	}
	switch {
	case len(seen) == 0:
		return "not run"
	case done == len(seen):
		return "all " + text.Plural(done, "cell")
	}
	return fmt.Sprintf("%d of %d cells", done, len(seen))
}

// took is the core time of an experiment's done cells, each counted once.
func (w *writer) took(experiment string) string {
	seconds, seen := 0.0, map[string]bool{}
	for _, set := range w.setsOf(experiment) {
		for _, c := range w.runs[set].Cells {
			if n := len(c.Status.Attempts); n > 0 && c.Status.State == runlog.Done && !seen[c.ID] {
				seconds += c.Status.Attempts[n-1].Seconds
				seen[c.ID] = true
			}
		}
	}
	switch {
	case len(seen) == 0:
		return ""
	case seconds < 60:
		return fmt.Sprintf("%.0f s", seconds)
	case seconds < 100*60:
		return fmt.Sprintf("%.0f min", seconds/60)
	}
	return fmt.Sprintf("%.1f h", seconds/3600)
}

func (w *writer) table(set, name string) (string, error) {
	p, err := w.of(set)
	if err != nil {
		return "", err
	}
	t, err := p.table(name)
	if err != nil {
		return "", err
	}
	all := *t
	all.Name = set + "." + t.Name
	return w.brief(t, &all)
}

func (w *writer) reached(set string) (string, error) {
	if _, err := w.of(set); err != nil {
		return "", err
	}
	t := claims.ReachedTable(w.Ledger, w.runs[set], w.Catalog)
	if t == nil {
		return "", fmt.Errorf("%s: none of its cells has an F1 in Table 1", set)
	}
	all := *t
	all.Name = set + "." + t.Name
	return w.brief(t, &all)
}

func (w *writer) plot(set, slug string) (string, error) {
	p, err := w.of(set)
	if err != nil {
		return "", err
	}
	drawing, err := p.plot(slug)
	if err != nil {
		return "", err
	}
	put := func(d *plot.Drawing, suffix string) string {
		name := path.Join(w.Results, "plots", set+"."+slug+suffix+".svg")
		w.documents[name] = d.SVG()
		return w.link(name)
	}
	file := put(drawing, "")
	if !strings.HasPrefix(slug, model.PanelSlug+".") || drawing.Narrow == nil {
		return fmt.Sprintf("![%s](%s)",
			strings.NewReplacer("[", "(", "]", ")").Replace(drawing.Title), file), nil
	}
	// On a phone the text of several plots a row would be too small at the page's width.
	return fmt.Sprintf("<picture><source media=\"(max-width: 40rem)\" srcset=\"%s\">\n"+
		"<img alt=\"%s\" src=\"%s\"></picture>", put(drawing.Narrow(), ".narrow"),
		html.EscapeString(drawing.Title), file), nil
}

func (w *writer) found(set, dataset, method string, audits int) (string, error) {
	p, err := w.of(set)
	if err != nil {
		return "", err
	}
	return p.found(dataset, method, audits)
}

func (w *writer) anomalies(set, dataset string) (string, error) {
	p, err := w.of(set)
	if err != nil {
		return "", err
	}
	return p.anomalies(dataset)
}

// evidence lists the effects of an open point's ("U4") settings in the sets that ran any.
func (w *writer) evidence(point string) (string, error) {
	var all evidence
	var sources []string
	for _, set := range w.names {
		p, err := w.of(set)
		if err != nil {
			return "", err
		}
		if all.add(p.model, point) {
			sources = append(sources, fmt.Sprintf("[%s](%s)", set,
				w.link(w.pageOf(w.runs[set].Plan.Name))))
		}
	}
	if sources == nil {
		return "Measured: no result set varies it alone.", nil
	}
	return fmt.Sprintf("Measured (%s):\n\n%s", strings.Join(sources, ", "), all.list()), nil
}

// numbers is the table of the paper's numbers that have a run, beside ours.
func (w *writer) numbers(name string) (string, error) {
	all := w.judgement.NumberTable(name)
	t := *all
	t.Rows = nil
	const runs = 5 // index of the column
	dataset := func(row []table.Value) string { return all.Columns[0].Show(row[0]) }
	of := func(row []table.Value) string { return dataset(row) + "\n" + all.Columns[1].Show(row[1]) }
	order := map[string]int{} // of datasets, then of what a number is of, by first appearance
	for i, row := range all.Rows {
		for _, key := range []string{dataset(row), of(row)} {
			if _, ok := order[key]; !ok {
				order[key] = i
			}
		}
		if n, ok := row[runs].Number(); ok && n > 0 {
			t.Rows = append(t.Rows, row)
		}
	}
	slices.SortStableFunc(t.Rows, func(a, b []table.Value) int {
		return cmp.Or(cmp.Compare(order[dataset(a)], order[dataset(b)]),
			cmp.Compare(order[of(a)], order[of(b)]))
	})
	if left := len(all.Rows) - len(t.Rows); left > 0 {
		t.Caption += fmt.Sprintf(" %s of %d have no run yet.", text.Comma(left), len(all.Rows))
	}
	return w.brief(&t, all)
}

// brief is a table as a page shows it, without its title, which the page's headings give. The
// complete table, all, is written as CSV beside the sets and linked.
func (w *writer) brief(t, all *table.Table) (string, error) {
	name := path.Join(w.Results, "tables", all.Name+".csv")
	var csv, b bytes.Buffer
	if err := all.WriteCSV(&csv); err != nil {
		return "", err
	}
	w.documents[name] = csv.Bytes()
	plain := *t
	plain.Title = ""
	left, err := plain.WriteBrief(&b)
	more := ""
	if left != nil {
		more = ", with " + text.And(left)
	}
	fmt.Fprintf(&b, "\n[The whole table, unrounded](%s)%s.", w.link(name), more)
	return b.String(), err
}

// markdown is a table without its title, which the document's headings give.
func markdown(t *table.Table) (string, error) {
	plain := *t
	plain.Title = ""
	var b strings.Builder
	err := plain.WriteMarkdown(&b)
	return strings.TrimRight(b.String(), "\n"), err
}
