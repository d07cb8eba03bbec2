package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/lint"
	"github.com/uaibench/uaibench/report/table"
)

// lintJSON is the output of --json.
type lintJSON struct {
	Findings []lint.Finding `json:"findings"`
	Errata   []lint.Erratum `json:"errata"`
}

func (a *app) lintCommand() *cobra.Command {
	var gate, asJSON, errata bool
	c := &cobra.Command{
		Use:   "lint-paper [FILE]",
		Short: "Inconsistencies within the published tables, by rule; trains nothing",
		Long: `Applies rules to the paper's tables and text as printed (experiments/paper_as_printed.yaml, or a
file like it).

Exit status: 0 whatever is found; 4 with --gate if anything is; 2 if the file is invalid.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(fmt.Errorf("lint-paper: one file at a time, not %s",
					strings.Join(args, " ")))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			file, data := "experiments/paper_as_printed.yaml", experiments.Printed
			if len(args) == 1 {
				var err error
				file = args[0]
				if data, err = os.ReadFile(file); err != nil {
					return usage(err)
				}
			}
			p, err := lint.Read(file, data)
			if err != nil {
				return usage(err)
			}
			found := lint.Check(p)
			switch {
			case asJSON:
				if found == nil {
					found = []lint.Finding{}
				}
				if err := snakejson.Write(a.stdout, lintJSON{found, lint.Errata}); err != nil {
					return err
				}
			default:
				if err := a.showFindings(found); err != nil {
					return err
				}
				if errata {
					if err := a.showErrata(); err != nil {
						return err
					}
				}
			}
			if gate && len(found) > 0 {
				return &statusError{statusGate, fmt.Errorf("%d inconsistencies", len(found))}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&gate, "gate", false, "exit with status 4 if anything is found")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	c.Flags().BoolVar(&errata, "errata", false,
		"also list the known errata, and the rule that finds each")
	return c
}

func (a *app) showFindings(found []lint.Finding) error {
	if len(found) > 0 {
		t := table.Build(table.Table{Name: "findings"}, found,
			table.Col[lint.Finding]{Name: "rule", Whole: true,
				Value: func(f lint.Finding) table.Value { return table.Str(f.Rule) }},
			table.Col[lint.Finding]{Name: "where",
				Value: func(f lint.Finding) table.Value { return table.Str(f.Where) }},
			table.Col[lint.Finding]{Name: "what",
				Value: func(f lint.Finding) table.Value { return table.Str(f.What) }})
		if err := t.WriteText(a.stdout, a.width()); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(a.stdout, "%d inconsistencies by %d rules\n", len(found), len(lint.Rules))
	return err
}

func (a *app) showErrata() error {
	t := table.Build(table.Table{Name: "errata"}, lint.Errata,
		table.Col[lint.Erratum]{Name: "erratum", Kind: table.Count,
			Value: func(e lint.Erratum) table.Value { return table.Int(e.N) }},
		table.Col[lint.Erratum]{Name: "what",
			Value: func(e lint.Erratum) table.Value { return table.Str(e.What) }},
		table.Col[lint.Erratum]{Name: "found by",
			Value: func(e lint.Erratum) table.Value {
				return table.Str(strings.Join(e.Rules, ", "))
			}},
		table.Col[lint.Erratum]{Name: "why not by rule",
			Value: func(e lint.Erratum) table.Value { return table.Str(e.Why) }})
	fmt.Fprintln(a.stdout)
	return t.WriteText(a.stdout, a.width())
}
