package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/page"
	"github.com/uaibench/uaibench/report/table"
)

func (a *app) claimsCommand() *cobra.Command {
	var gate, asJSON bool
	var one, out string
	var formats []string
	c := &cobra.Command{
		Use:   "claims [RUN…]",
		Short: "Every published number and sentence beside what was measured, with a verdict",
		Long: `Judges run directories (without arguments: all under runs/, and theory.json where there is one) by experiments/paper.yaml.

A verdict follows from an interval against a tolerance region: reproduced inside, contradicted outside, inconclusive astride
its edge (with the number of runs that would decide), partly where some datasets agree and others do not. What is true because
it was built so, or by printed numbers alone, is called by construction. What was not run is never a pass, and a failed cell leaves its claims inconclusive.

Exit status: 4 with --gate if a claim is contradicted; 5 if the runs have no result at all.`,
		RunE: func(_ *cobra.Command, args []string) error {
			for _, f := range formats {
				if f != "md" && f != "html" {
					return usage(fmt.Errorf("--format %s: is not md or html", f))
				}
			}
			if len(formats) > 1 && out == "" {
				return usage(fmt.Errorf("--format %s: name a folder with --out, or one format", strings.Join(formats, ",")))
			}
			j, runs, err := a.judge(args)
			if err != nil {
				return err
			}
			if one != "" && !slices.ContainsFunc(j.Claims, func(c claims.ClaimRow) bool { return c.ID == one }) {
				return usage(fmt.Errorf("--claim %s: the ledger has no such claim; `uaibench claims` lists them", one))
			}
			if err := a.showClaims(j, runs, one, out, formats, asJSON); err != nil {
				return err
			}
			switch {
			case gate && j.Count[claims.Contradicted] > 0:
				return &statusError{statusGate, fmt.Errorf("%d claims are contradicted", j.Count[claims.Contradicted])}
			case !j.Measured():
				return &statusError{statusNothing, fmt.Errorf("nothing was measured: no run has a result that a claim can rest on")}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&gate, "gate", false, "exit with status 4 if a claim is contradicted")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON: claims, numbers, and the cells that each rests on")
	c.Flags().StringVar(&one, "claim", "", "show one claim with each of its comparisons")
	c.Flags().StringSliceVar(&formats, "format", nil, "md, html: instead of the terminal's tables")
	c.Flags().StringVarP(&out, "out", "o", "", "folder for claims.md and claims.html (default: standard output)")
	return c
}

// judge reads the run directories and gives all verdicts.
func (a *app) judge(dirs []string) (*claims.Judgement, []*runlog.Run, error) {
	l, err := claims.Read("experiments/paper.yaml", experiments.Ledger)
	if err != nil {
		return nil, nil, err
	}
	if len(dirs) == 0 {
		dirs = committed()
	}
	var e claims.Evidence
	for _, dir := range dirs {
		if filepath.Base(dir) == theoryFile {
			if e.Theory, err = readTheory(dir); err != nil {
				return nil, nil, err
			}
			continue
		}
		run, err := runlog.Read(dir)
		if err != nil {
			return nil, nil, err
		}
		e.Runs = append(e.Runs, run)
	}
	return claims.Judge(l, a.catalog(), e), e.Runs, nil
}

// verdicts of the ledger on one run, for its own report.
func (a *app) verdicts(run *runlog.Run) (*page.Verdicts, error) {
	l, err := claims.Read("experiments/paper.yaml", experiments.Ledger)
	if err != nil {
		return nil, err
	}
	return claims.Judge(l, a.catalog(), claims.Evidence{Runs: []*runlog.Run{run}}).OfRun(), nil
}

const theoryFile = "theory.json" // as uaibench theory --out writes it

// committed are the run directories and theory.json below runs/, and what experiments/results/ has beside.
func committed() []string {
	var out []string
	for _, pattern := range []string{"runs/*/plan.json", "runs/*/" + theoryFile, "runs/" + theoryFile, "experiments/results/" + theoryFile} {
		paths, _ := filepath.Glob(filepath.FromSlash(pattern)) // the patterns are well-formed
		for _, p := range paths {
			if filepath.Base(p) != theoryFile {
				p = filepath.Dir(p)
			}
			out = append(out, p)
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
		return nil, fmt.Errorf("%s: %w; write it anew with uaibench theory --out", path, err)
	}
	return r, nil
}

func (a *app) showClaims(j *claims.Judgement, runs []*runlog.Run, one, out string, formats []string, asJSON bool) error {
	tables := j.Tables()
	if one != "" {
		i := slices.IndexFunc(j.Claims, func(c claims.ClaimRow) bool { return c.ID == one })
		if asJSON {
			return printJSON(a.stdout, j.Claims[i])
		}
		tables = []*table.Table{j.Claims[i].ItemTable()}
		if t := j.Claims[i].AblationTable(); t != nil {
			tables = append(tables, t)
		}
		if formats == nil {
			c := j.Claims[i]
			for _, line := range []string{fmt.Sprintf("%s (%s): %s", one, c.Verdict, c.Statement), c.Reason} {
				fmt.Fprintln(a.stdout, text.WrapSoft(line, a.width()))
			}
			fmt.Fprintln(a.stdout)
		}
	}
	switch {
	case asJSON:
		return printJSON(a.stdout, j)
	case out != "":
		if len(formats) == 0 {
			formats = []string{"md", "html"}
		}
		if err := os.MkdirAll(out, atomicfile.DirMode); err != nil {
			return err
		}
		for _, f := range formats {
			var b strings.Builder
			if err := a.writeClaims(&b, f, j, runs, one, tables); err != nil {
				return err
			}
			path := filepath.Join(out, "claims."+f)
			if err := atomicfile.Write(path, []byte(b.String())); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, path)
		}
		return nil
	case len(formats) == 1:
		return a.writeClaims(a.stdout, formats[0], j, runs, one, tables)
	}
	for i, t := range tables {
		if i > 0 {
			io.WriteString(a.stdout, "\n")
		}
		if err := t.WriteText(a.stdout, a.width()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(a.stdout, "\n%s\n", text.WrapSoft(j.Summary(), a.width()))
	return err
}

// writeClaims writes the tables, or as html a page that leads from each claim to the audits.
func (a *app) writeClaims(w io.Writer, format string, j *claims.Judgement, runs []*runlog.Run, one string, tables []*table.Table) error {
	if format == "html" {
		return page.WriteVerdicts(w, j.Verdicts(one), runs, a.catalog())
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
