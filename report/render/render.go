// Package render renders the documents of the repository that show results: EXPERIMENTS.md, a page
// for each experiment (experiments/results/NAME.md), the claims (experiments/results/claims.md), the
// methods (experiments/methods.md), and the part of README.md between two markers. Each is a
// template with prose, into which tables, plots and verdicts of committed result sets are put, so
// that these are never written by hand.
//
// A result set is a pack (uaibench pack) in the folder of results, by the name of its file:
// results/mnist.tar.gz is "mnist". theory.json there holds what `uaibench theory` found, and
// draws.json what `uaibench data draws` counted. The functions of templates:
//
//	{{if has "mnist"}}                whether there is such a set
//	{{page "mnist"}}                  the experiment's name, a link where it has a page
//	{{status "mnist"}}                how many cells of it are done, or "not run"
//	{{took "mnist"}}                  time of one core that these took
//	{{set "mnist"}}                   what the set holds: cells, digest, where it ran
//	{{sets}}                          all sets with their digests
//	{{digest "demo"}}                 the first 16 digits of its results' digest
//	{{table "mnist" "audits"}}        a table of the set's report, without its title
//	{{plot "mnist" "panel.budget"}}   a plot of it, which is written beside the sets
//	{{found "mnist" "mnist0" "DAE_uai" 5000}}
//	                                  anomalies that a method found by a number of audits: the
//	                                  median over seeds
//	{{anomalies "mnist" "mnist0"}}    how many there are
//	{{reached "small_tables"}}        which settings of the set reach Table 1's F1
//	{{evidence "U4"}}                 what the sets say of an open point, setting by setting
//	{{numbers "table1"}}              the paper's numbers of one of its tables, beside ours
//	{{verdict "t1-uai-vs-tree"}}      a claim's verdict, in a word or two
//	{{answer "t1-uai-vs-tree"}}       the same as an answer: yes, no, in part, not decided yet
//	{{doubt "t1-uai-vs-tree"}}        why it is not decidable, after a semicolon; nothing if it is
//	{{record "t1-uai-vs-tree"}}       comparisons won, tied and lost
//	{{estimate "t1-uai-vs-tree"}}     its estimate with its interval
//	{{headlines}}                     the headline claims, a short item each
//	{{verdicts "t1-" "t3-"}}          a section for each claim whose id begins so
//	{{shared "answer"}}               a list that Source.Shared defines, in short lines
//	{{ablations}}                     the sensitivity of the claims that fail
//	{{summary}}                       how many claims got which verdict
//	{{intervals}}                     how often the intervals that judge are right
//	{{calibration}}                   how often each claim's checks call a known world reproduced
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

// Source is what the documents are made of. Paths below Root are slash-separated.
type Source struct {
	Root    string // the repository's folder
	Results string // folder of result sets below Root
	Pages   string // folder of the experiments' templates below Root, NAME.md.tmpl each
	Shared  string // template text that defines what several templates use
	Ledger  *ledger.Ledger
	Catalog bench.Catalog
}

// Template is a document to render.
type Template struct {
	File string // of the template below Root; "": Text is all there is
	Text string // of the template, read from File
	Out  string // the document below Root

	// Part is whether the document is written by hand but for what stands between the markers
	// PartBegin and PartEnd, which the template gives.
	Part bool
}

// Markers of a document's rendered part, each on a line of its own.
const (
	PartBegin = "<!-- rendered by make experiments: begin -->"
	PartEnd   = "<!-- rendered by make experiments: end -->"
)

// Documents are files by their path below Root.
type Documents map[string][]byte

// Render renders templates. Equal sources give equal bytes, in whatever order work is done.
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

// part puts text between the markers of a document.
func part(document, text []byte) ([]byte, error) {
	d := string(document)
	before, rest, ok := strings.Cut(d, PartBegin+"\n")
	_, after, closed := strings.Cut(rest, PartEnd+"\n")
	if !ok || !closed {
		return nil, fmt.Errorf("the markers %q and %q are not both there, in this order", PartBegin,
			PartEnd)
	}
	return []byte(before + PartBegin + "\n" + string(text) + PartEnd + "\n" + after), nil
}

// relative is the path from a document to a file, both below the same folder.
func relative(document, file string) string {
	up := 0
	dir := path.Dir(document)
	for dir != "." && !strings.HasPrefix(file, dir+"/") {
		dir = path.Dir(dir)
		up++
	}
	return strings.Repeat("../", up) + strings.TrimPrefix(file, strings.TrimPrefix(dir+"/", "./"))
}
