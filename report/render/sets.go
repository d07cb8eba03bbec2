package render

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
)

// sets are the committed results, read and judged once for all documents.
type sets struct {
	Source
	names []string // ascending
	runs  map[string]*runlog.Run
	parts map[string]func() *parts // made at the first call

	judging   sync.Mutex // some of the judgement's tables are computed on demand
	judgement *claims.Judgement
}

func readSets(s Source) (*sets, error) {
	out := &sets{Source: s, runs: map[string]*runlog.Run{}, parts: map[string]func() *parts{}}
	dir := filepath.Join(s.Root, filepath.FromSlash(s.Results))
	files, err := fs.Glob(os.DirFS(dir), "*"+runlog.PackSuffix)
	if err != nil {
		return nil, err
	}
	e := rule.Evidence{Runs: make([]*runlog.Run, len(files))}
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		g.Go(func() (err error) {
			e.Runs[i], err = runlog.Read(filepath.Join(dir, file))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for i, file := range files {
		name := strings.TrimSuffix(file, runlog.PackSuffix)
		run := e.Runs[i]
		out.names = append(out.names, name)
		out.runs[name] = run
		out.parts[name] = sync.OnceValue(func() *parts { return newParts(run, s.Catalog) })
	}
	file := filepath.Join(dir, "theory.json")
	switch data, err := os.ReadFile(file); {
	case err == nil:
		e.Theory = new(theory.Result)
		if err := json.Unmarshal(data, e.Theory); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	file = filepath.Join(dir, "draws.json")
	switch data, err := os.ReadFile(file); {
	case err == nil:
		d, err := sample.ReadDraws(file, data)
		if err != nil {
			return nil, err
		}
		e.Draws = d.Of(s.Catalog)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	file = filepath.Join(dir, "looks.json")
	switch data, err := os.ReadFile(file); {
	case err == nil:
		if e.Looked, err = rule.ReadLooked(file, data); err != nil {
			return nil, err
		}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	out.judgement = claims.Judge(s.Ledger, s.Catalog, e)
	return out, nil
}

// of returns the parts of a set's report.
func (s *sets) of(set string) (*parts, error) {
	p, ok := s.parts[set]
	if !ok {
		return nil, fmt.Errorf("no result set %s: `uaibench pack` makes one, in %s",
			set+runlog.PackSuffix, s.Results)
	}
	return p(), nil
}

// experiments returns the names of the specs that have result sets, ascending.
func (s *sets) experiments() []string {
	var out []string
	for _, set := range s.names {
		if name := s.runs[set].Plan.Name; !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// setsOf returns the result sets of an experiment, ascending.
func (s *sets) setsOf(experiment string) []string {
	return slices.DeleteFunc(slices.Clone(s.names), func(set string) bool {
		return s.runs[set].Plan.Name != experiment
	})
}

// pageOf is the path of an experiment's page, below Root.
func (s *sets) pageOf(experiment string) string { return path.Join(s.Results, experiment+".md") }

// claimsFile is the path of the document with all claims' sections, below Root.
func (s *sets) claimsFile() string { return path.Join(s.Results, "claims.md") }
