// Package render renders EXPERIMENTS.md: a template with prose, into which tables, plots and
// verdicts of committed result sets are put, so that these are never written by hand.
//
// A result set is a pack (uaibench pack) in the folder of results, by the name of its file:
// results/mnist.tar.gz is "mnist". theory.json there holds what `uaibench theory` found, and
// draws.json what `uaibench data draws` counted. The
// template's functions:
//
//	{{if has "mnist"}}                whether there is such a set
//	{{set "mnist"}}                   what the set holds: cells, digest, where it ran
//	{{table "mnist" "audits"}}        a table of the set's report, without its title
//	{{plot "mnist" "panel.budget"}}   a plot of it, which is written beside the sets
//	{{found "mnist" "mnist0" "DAE_uai" 5000}}
//	                                  anomalies that a method found by a number of audits: the
//	                                  median over seeds
//	{{anomalies "mnist" "mnist0"}}    how many there are
//	{{reached "small_tables"}}        which settings of the set reach Table 1's F1
//	{{numbers "table1"}}              the paper's numbers of one of its tables, beside ours
//	{{verdicts "t1-" "t3-"}}          the claims whose ids begin so, with their verdicts
//	{{ablations}}                     the sensitivity of the claims that fail
//	{{summary}}                       how many claims got which verdict
//	{{intervals}}                     how often the intervals that judge are right
//	{{calibration}}                   how often each claim's checks call a known world reproduced
//	{{predictions}}                   this project's own predictions
//	{{deviations}}                    how the checks differ from earlier ones
package render

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/table"
)

// Source is what a document is made of.
type Source struct {
	Name     string // of the template, for messages
	Template string
	Results  string // folder of result sets
	Link     string // the same folder as the document's links name it
	Ledger   *ledger.Ledger
	Catalog  bench.Catalog
}

// Document is a rendered template.
type Document struct {
	Markdown []byte
	Plots    map[string][]byte // by path below the folder of results
}

type writer struct {
	Source
	runs      map[string]*runlog.Run
	parts     map[string]*parts
	judgement *claims.Judgement
	document  Document
}

// Render makes the document. Equal sources give equal bytes.
func Render(s Source) (*Document, error) {
	w := &writer{Source: s, runs: map[string]*runlog.Run{}, parts: map[string]*parts{},
		document: Document{Plots: map[string][]byte{}}}
	if err := w.read(); err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	t, err := template.New(s.Name).Funcs(template.FuncMap{
		"has": func(set string) bool { return w.runs[set] != nil },
		"set": w.set, "table": w.table, "plot": w.plot, "found": w.found, "anomalies": w.anomalies,
		"numbers": w.numbers, "reached": w.reached, "verdicts": w.verdicts,
		"summary":     w.judgement.Headline,
		"ablations":   func() (string, error) { return markdown(w.judgement.SensitivityTable()) },
		"intervals":   func() (string, error) { return markdown(w.judgement.CoverageTable()) },
		"calibration": func() (string, error) { return markdown(w.judgement.CalibrationTable()) },
		"predictions": func() (string, error) { return markdown(w.judgement.PredictionTable()) },
		"deviations":  func() (string, error) { return markdown(w.judgement.DeviationTable()) },
	}).Parse(s.Template)
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, nil); err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	w.document.Markdown = b.Bytes()
	return &w.document, nil
}

// read reads all sets and judges by them.
func (w *writer) read() error {
	files, err := filepath.Glob(filepath.Join(w.Results, "*"+runlog.PackSuffix))
	if err != nil {
		return err
	}
	slices.Sort(files)
	var e rule.Evidence
	for _, file := range files {
		run, err := runlog.Read(file)
		if err != nil {
			return err
		}
		w.runs[strings.TrimSuffix(filepath.Base(file), runlog.PackSuffix)] = run
		e.Runs = append(e.Runs, run)
	}
	data, err := os.ReadFile(filepath.Join(w.Results, "theory.json"))
	switch {
	case err == nil:
		e.Theory = new(theory.Result)
		if err := json.Unmarshal(data, e.Theory); err != nil {
			return fmt.Errorf("%s: %w", filepath.Join(w.Results, "theory.json"), err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	file := filepath.Join(w.Results, "draws.json")
	switch data, err = os.ReadFile(file); {
	case err == nil:
		d, err := sample.ReadDraws(file, data)
		if err != nil {
			return err
		}
		e.Draws = d.Of(w.Catalog)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	file = filepath.Join(w.Results, "looks.json")
	switch data, err = os.ReadFile(file); {
	case err == nil:
		if e.Looked, err = rule.ReadLooked(file, data); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	w.judgement = claims.Judge(w.Ledger, w.Catalog, e)
	return nil
}

func (w *writer) of(set string) (*parts, error) {
	if p, ok := w.parts[set]; ok {
		return p, nil
	}
	run, ok := w.runs[set]
	if !ok {
		return nil, fmt.Errorf("no result set %s: `uaibench pack` makes one, in %s",
			set+runlog.PackSuffix, w.Results)
	}
	w.parts[set] = newParts(run, w.Catalog)
	return w.parts[set], nil
}

func (w *writer) set(name string) (string, error) {
	p, err := w.of(name)
	if err != nil {
		return "", err
	}
	ran := strings.Join(append([]string{p.Ran}, p.Mixed...), "; ")
	return fmt.Sprintf("[%s](%s): %s; results `%.16s…`; last worked on: %s.",
		name+runlog.PackSuffix, w.link(name+runlog.PackSuffix), p.Counts, p.Digest, ran), nil
}

func (w *writer) link(name string) string { return w.Link + "/" + name }

func (w *writer) table(set, name string) (string, error) {
	p, err := w.of(set)
	if err != nil {
		return "", err
	}
	t, err := p.table(name)
	if err != nil {
		return "", err
	}
	return markdown(t)
}

func (w *writer) reached(set string) (string, error) {
	if _, err := w.of(set); err != nil {
		return "", err
	}
	t := claims.ReachedTable(w.Ledger, w.runs[set], w.Catalog)
	if t == nil {
		return "", fmt.Errorf("%s: nothing of it has an F1 in Table 1", set)
	}
	return markdown(t)
}

func (w *writer) plot(set, slug string) (string, error) {
	p, err := w.of(set)
	if err != nil {
		return "", err
	}
	title, svg, err := p.plot(slug)
	if err != nil {
		return "", err
	}
	name := "plots/" + set + "." + slug + ".svg"
	w.document.Plots[name] = svg
	return fmt.Sprintf("![%s](%s)", strings.NewReplacer("[", "(", "]", ")").Replace(title),
		w.link(name)), nil
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

func (w *writer) numbers(table string) (string, error) {
	return markdown(w.judgement.NumberTable(table))
}

func (w *writer) verdicts(prefixes ...string) (string, error) {
	some := *w.judgement
	some.Claims = slices.DeleteFunc(slices.Clone(some.Claims), func(c claims.ClaimRow) bool {
		return !slices.ContainsFunc(prefixes,
			func(p string) bool { return strings.HasPrefix(c.ID, p) })
	})
	if len(some.Claims) == 0 {
		return "", fmt.Errorf("no claim's id begins with one of %q", prefixes)
	}
	return markdown(some.ClaimTable())
}

// markdown is a table without its title, which the document's own headings give.
func markdown(t *table.Table) (string, error) {
	plain := *t
	plain.Title = ""
	var b strings.Builder
	err := plain.WriteMarkdown(&b)
	return strings.TrimRight(b.String(), "\n"), err
}
