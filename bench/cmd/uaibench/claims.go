package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/campaign"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/report/page"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// claimsView holds the flags that select what the command shows of a judgement.
type claimsView struct {
	one             string // id of the only claim to show; "": several
	all, deviations bool
	asJSON          bool
	out             string
	formats         []string
}

func (a *app) claimsCommand() *cobra.Command {
	var gate bool
	var keep string
	var v claimsView
	c := &cobra.Command{
		Use:   "claims [RUN|PACK|FOLDER…]",
		Short: "The paper's claims and what was measured, with a verdict on each",
		Long: `Judges runs, packs, and folders of either with theory.json, draws.json and looks.json, by
experiments/paper.yaml. Without arguments it judges the committed result sets,
experiments/results, or, if there are none, all runs under runs/.

A claim is reproduced, partly, contradicted, or true by construction, which is no evidence;
otherwise it is open, with the interval of its effect, or its checks are not decidable, with the
calibration that shows it. Verdicts may change only at 5, 10, 20 and 40 replicates. What was not
run lowers a claim's scope but changes no verdict.

Exit status: 4 with --gate if a claim is contradicted; 5 if nothing was measured.`,
		RunE: func(_ *cobra.Command, args []string) error {
			for _, f := range v.formats {
				if f != "md" && f != "html" {
					return usage(fmt.Errorf("--format %s: is not md or html", f))
				}
			}
			if len(v.formats) > 1 && v.out == "" {
				return usage(fmt.Errorf("--format %s: name a folder with --out, or one format",
					strings.Join(v.formats, ",")))
			}
			j, runs, err := a.judge(args)
			if err != nil {
				return err
			}
			if v.one != "" && j.Claim(v.one) == nil {
				return usage(fmt.Errorf("--claim %s: the ledger has no such claim; `uaibench "+
					"claims --all` lists them", v.one))
			}
			if err := a.showClaims(j, runs, v); err != nil {
				return err
			}
			if keep != "" {
				if err := j.KeepLooks(filepath.Join(keep, looksFile)); err != nil {
					return err
				}
			}
			switch {
			case gate && j.Count[rule.Contradicted] > 0:
				return &statusError{statusGate,
					fmt.Errorf("%d claims are contradicted", j.Count[rule.Contradicted])}
			case !j.Measured():
				return &statusError{statusNothing,
					fmt.Errorf("nothing was measured: no run has a " +
						"result for any claim")}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&gate, "gate", false, "exit with status 4 if a claim is contradicted")
	c.Flags().StringVar(&keep, "keep", "", "folder for looks.json: what verdicts over several "+
		"datasets are based on, so that they hold until the next look")
	c.Flags().BoolVar(&v.all, "all", false,
		"every claim, number, prediction and calibration, not only the headline claims")
	c.Flags().BoolVar(&v.asJSON, "json", false,
		"as JSON: claims, numbers, and the cells that each rests on")
	c.Flags().BoolVar(&v.deviations, "deviations", false,
		"how the checks differ from earlier ones, with date and reason")
	c.Flags().StringVar(&v.one, "claim", "", "one claim with all its comparisons")
	c.Flags().StringSliceVar(&v.formats, "format", nil,
		"md, html: instead of the terminal's tables")
	c.Flags().StringVarP(&v.out, "out", "o", "",
		"folder for claims.md and claims.html (default: standard output)")
	return c
}

// judge reads the evidence in args and returns the judgement and the runs.
func (a *app) judge(args []string) (*claims.Judgement, []*runlog.Run, error) {
	l, err := ledger.Read("experiments/paper.yaml", experiments.Ledger)
	if err != nil {
		return nil, nil, err
	}
	e, err := a.evidence(args)
	if err != nil {
		return nil, nil, err
	}
	return claims.Judge(l, a.catalog(), e), e.Runs, nil
}

// evidence reads runs and packs, and theory.json, draws.json and looks.json beside them. Without
// arguments it reads resultSets.
func (a *app) evidence(args []string) (e rule.Evidence, err error) {
	if len(args) == 0 {
		args = resultSets()
	}
	var packs []string
	for _, path := range resultPaths(args) {
		var more rule.Evidence
		switch filepath.Base(path) {
		case theoryFile:
			more.Theory, err = readTheory(path)
		case drawsFile:
			more.Draws, err = a.readDraws(path)
		case looksFile:
			more.Looked, err = rule.ReadLookedFile(path)
		default:
			packs = append(packs, path)
		}
		if err != nil {
			return e, err
		}
		e = campaign.Join(e, more)
	}
	e.Runs, err = readSideBySide(packs)
	return e, err
}

// verdicts judges the ledger's claims by one run, for that run's report.
func (a *app) verdicts(run *runlog.Run) (*page.Verdicts, error) {
	l, err := ledger.Read("experiments/paper.yaml", experiments.Ledger)
	if err != nil {
		return nil, err
	}
	return claims.Judge(l, a.catalog(), rule.Evidence{Runs: []*runlog.Run{run}}).OfRun(), nil
}

// Names of the files of evidence other than runs.
const (
	theoryFile = "theory.json" // written by uaibench theory --out
	drawsFile  = "draws.json"  // written by uaibench data draws --out
	looksFile  = "looks.json"  // written by uaibench claims --keep
)

// readSideBySide reads runs and packs concurrently, the largest files first; their order is kept.
func readSideBySide(paths []string) ([]*runlog.Run, error) {
	runs, errs := make([]*runlog.Run, len(paths)), make([]error, len(paths))
	order, size := make([]int, len(paths)), make([]int64, len(paths))
	for i, path := range paths {
		order[i] = i
		if info, err := os.Stat(path); err == nil {
			size[i] = info.Size()
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size[b], size[a]) })
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, i := range order {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			runs[i], errs[i] = runlog.Read(paths[i])
		})
	}
	wait.Wait()
	return runs, errors.Join(errs...) // a judgement by some of them would look complete
}

// resultSets returns the folder of committed result sets if it has any packs, else the runs under
// runs/ and the committed theory.json, draws.json and looks.json.
func resultSets() []string {
	results := filepath.Join("experiments", "results")
	if packs, _ := filepath.Glob(filepath.Join(results, "*"+runlog.PackSuffix)); len(packs) > 0 {
		return []string{results}
	}
	return inFolder("runs", filepath.Join(results, theoryFile),
		filepath.Join(results, drawsFile), filepath.Join(results, looksFile))
}

// resultPaths replaces folders of result sets with their contents (see inFolder) and drops
// duplicates. Run directories and files are kept.
func resultPaths(args []string) []string {
	var out []string
	for _, arg := range args {
		paths := []string{arg}
		info, err := os.Stat(arg)
		if err == nil && info.IsDir() {
			if _, err := os.Stat(filepath.Join(arg, "plan.json")); err != nil {
				if inside := inFolder(arg); len(inside) > 0 {
					paths = inside
				}
			}
		}
		for _, p := range paths {
			if p = filepath.Clean(p); !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// inFolder lists the runs and other evidence in a folder, and the existing files among more.
func inFolder(dir string, more ...string) []string {
	var out []string
	for _, pattern := range []string{"*" + runlog.PackSuffix, "*/plan.json", theoryFile,
		"*/" + theoryFile, drawsFile, looksFile} {
		paths, _ := fs.Glob(os.DirFS(dir), pattern) // the patterns are well-formed
		for _, p := range paths {
			if path.Base(p) == "plan.json" {
				p = path.Dir(p)
			}
			out = append(out, filepath.Join(dir, filepath.FromSlash(p)))
		}
	}
	for _, file := range more {
		if _, err := os.Stat(file); err == nil {
			out = append(out, file)
		}
	}
	return out
}

func readTheory(path string) (*theory.Result, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &theory.Result{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, fmt.Errorf("%s: %w; write it again with uaibench theory --out", path, err)
	}
	return r, nil
}

func (a *app) readDraws(path string) (func(dataset, metric string) []float64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	d, err := sample.ReadDraws(path, data)
	if err != nil {
		return nil, err
	}
	return d.Of(a.catalog()), nil
}

func (a *app) showClaims(j *claims.Judgement, runs []*runlog.Run, v claimsView) error {
	var tables []*table.Table
	written := v.out != "" || len(v.formats) > 0
	switch {
	case v.one != "":
		c := j.Claim(v.one)
		if v.asJSON {
			return snakejson.Write(a.stdout, c)
		}
		tables = []*table.Table{c.ComparisonTable()}
		if t := j.SensitivityOf(c); t != nil {
			tables = append(tables, t)
		}
		if !written {
			head := fmt.Sprintf("%s (%s): %s", c.ID, c.Verdict, c.Plain)
			for _, line := range []string{head, c.Reason} {
				fmt.Fprintln(a.stdout, text.Wrap(line, a.width()))
			}
			fmt.Fprintln(a.stdout)
		}
	case v.deviations:
		tables = []*table.Table{j.DeviationTable()}
	case v.all || written:
		tables = j.Tables()
	}
	switch {
	case v.asJSON:
		return snakejson.Write(a.stdout, j)
	case v.out != "":
		if len(v.formats) == 0 {
			v.formats = []string{"md", "html"}
		}
		if err := os.MkdirAll(v.out, atomicfile.DirMode); err != nil {
			return err
		}
		for _, f := range v.formats {
			var b strings.Builder
			if err := a.writeClaims(&b, f, j, runs, v.one, tables); err != nil {
				return err
			}
			path := filepath.Join(v.out, "claims."+f)
			if err := atomicfile.Write(path, []byte(b.String())); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, path)
		}
		return nil
	case len(v.formats) == 1:
		return a.writeClaims(a.stdout, v.formats[0], j, runs, v.one, tables)
	}
	if v.one == "" && !v.deviations && !v.all {
		return j.WriteScreen(a.stdout, a.width())
	}
	if v.one == "" && !v.deviations {
		if _, err := fmt.Fprintf(a.stdout, "%s\n\n",
			text.Wrap(j.Headline(), a.width())); err != nil {
			return err
		}
	}
	for i, t := range tables {
		if i > 0 {
			io.WriteString(a.stdout, "\n")
		}
		if err := t.WriteText(a.stdout, a.width()); err != nil {
			return err
		}
	}
	return nil
}

// writeClaims writes the tables as Markdown, or as html a page with links from claims to audits.
func (a *app) writeClaims(w io.Writer, format string, j *claims.Judgement, runs []*runlog.Run,
	one string, tables []*table.Table) error {
	if format == "html" {
		return page.WriteVerdicts(w, j.Verdicts(one), runs, a.catalog(), a.builder())
	}
	for _, t := range tables {
		if err := t.WriteMarkdown(w); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	return nil
}
