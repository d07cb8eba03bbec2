// Package render renders the repository's documents that show results: EXPERIMENTS.md, a page for
// each experiment (experiments/results/NAME.md), the claims (experiments/results/claims.md), the
// methods (experiments/methods.md), and the part of README.md between two markers. Each is a
// template of prose into which tables, plots and verdicts of committed result sets are inserted, so
// that these are never written by hand.
//
// A result set is a pack (uaibench pack) in the results folder, named after its file:
// results/mnist.tar.gz is "mnist". theory.json there has the results of `uaibench theory`,
// draws.json the counts of `uaibench data draws`, and looks.json the runs that counted at each look
// of an aggregate. The functions of templates:
//
//	{{if has "mnist"}}                whether there is such a set
//	{{page "mnist"}}                  the experiment's name, linked to its page if it has one
//	{{status "mnist"}}                how many of the experiment's cells are done, or "not run"
//	{{took "mnist"}}                  core time of these cells
//	{{set "mnist"}}                   the set's cells, digest and last invocation
//	{{sets}}                          the cells and digest of every set
//	{{digest "demo"}}                 the first 16 digits of the set's results digest
//	{{table "mnist" "audits"}}        a table of the set's report, without its title
//	{{plot "mnist" "panel.budget"}}   a plot of it, which is written beside the sets
//	{{found "mnist" "mnist0" "DAE_uai" 5000}}
//	                                  anomalies that a method found after a number of audits:
//	                                  the median over seeds
//	{{anomalies "mnist" "mnist0"}}    the dataset's number of anomalies
//	{{reached "small_tables"}}        which settings of the set reach Table 1's F1
//	{{evidence "U4"}}                 the sets' evidence on an open point, setting by setting
//	{{numbers "table1"}}              the numbers of one of the paper's tables, beside ours
//	{{verdict "t1-uai-vs-tree"}}      a claim's verdict, in a word or two
//	{{answer "t1-uai-vs-tree"}}       the same as an answer: yes, no, in part, not decided yet
//	{{doubt "t1-uai-vs-tree"}}        why it is not decidable, after a semicolon; else empty
//	{{record "t1-uai-vs-tree"}}       comparisons won, tied and lost
//	{{estimate "t1-uai-vs-tree"}}     its estimate with its interval
//	{{headlines}}                     the headline claims, a short item each
//	{{decided}}                       the other claims that the runs decide, a sentence each
//	{{verdicts "t1-" "t3-"}}          a section for each claim whose id has such a prefix
//	{{resting "mnist"}}               the claims that rest on an experiment
//	{{shared "answer"}}               a list that Source.Shared defines
//	{{ablations}}                     the sensitivity of the claims that fail
//	{{summary}}                       the number of claims by verdict
//	{{intervals}}                     the coverage of the intervals that decide claims
//	{{calibration}}                   how often each claim is reproduced in a known world
//	{{predictions}}                   this project's own predictions
//	{{deviations}}                    how the checks differ from earlier ones
package render

import (
	"fmt"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// Source is the input of the documents. Paths below Root are slash-separated.
type Source struct {
	Root    string // the repository's folder
	Results string // folder of result sets below Root
	Pages   string // folder of the experiments' templates below Root, NAME.md.tmpl each
	Shared  string // template text with definitions that several templates use
	Ledger  *ledger.Ledger
	Catalog bench.Catalog
}

// Template is a document to render.
type Template struct {
	File string // of the template below Root; "": there is only Text
	Text string // of the template, read from File
	Out  string // the document below Root

	// Part is whether only the text between the markers PartBegin and PartEnd is rendered. The rest
	// of the document is written by hand.
	Part bool
}

// Markers of a document's rendered part, each on its own line.
const (
	PartBegin = "<!-- rendered by make experiments: begin -->"
	PartEnd   = "<!-- rendered by make experiments: end -->"
)

// Documents are files by their path below Root.
type Documents map[string][]byte

// Render renders templates. Equal sources give equal bytes.
func Render(s Source, templates []Template) (Documents, error) {
	sets, err := readSets(s)
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	return sets.render(templates)
}

// All renders the templates and a page for each experiment that has a result set.
func All(s Source, templates []Template) (Documents, error) {
	sets, err := readSets(s)
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	pages, err := sets.pages()
	if err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	return sets.render(append(slices.Clone(templates), pages...))
}

func (s *sets) render(templates []Template) (Documents, error) {
	made := make([]Documents, len(templates))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, t := range templates {
		g.Go(func() error {
			w := &writer{sets: s, template: t, documents: Documents{}}
			if err := w.render(); err != nil {
				return fmt.Errorf("render: %s: %w", t.Out, err)
			}
			made[i] = w.documents
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := Documents{}
	for _, d := range made {
		maps.Copy(all, d)
	}
	return all, nil
}

// part replaces the text between a document's markers.
func part(document, text []byte) ([]byte, error) {
	d := string(document)
	before, rest, ok := strings.Cut(d, PartBegin+"\n")
	_, after, closed := strings.Cut(rest, PartEnd+"\n")
	if !ok || !closed {
		return nil, fmt.Errorf("the markers %q and %q must both be there, in this order", PartBegin,
			PartEnd)
	}
	return []byte(before + PartBegin + "\n" + string(text) + PartEnd + "\n" + after), nil
}

// relative is the path from a document to a file, both below one folder.
func relative(document, file string) string {
	up := 0
	dir := path.Dir(document)
	for dir != "." && !strings.HasPrefix(file, dir+"/") {
		dir = path.Dir(dir)
		up++
	}
	return strings.Repeat("../", up) + strings.TrimPrefix(file, strings.TrimPrefix(dir+"/", "./"))
}
