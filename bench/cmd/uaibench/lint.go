package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/lint"
)

// lintJSON is what --json prints.
type lintJSON struct {
	Findings []lint.Finding `json:"findings"`
	Errata   []lint.Erratum `json:"errata"`
}

func (a *app) lintCommand() *cobra.Command {
	var gate, asJSON, errata bool
	c := &cobra.Command{
		Use:   "lint-paper [FILE]",
		Short: "Inconsistencies within the published tables themselves, by rule; trains nothing",
		Long: `Applies rules to the paper's tables and text as they are printed
(experiments/paper_as_printed.yaml, or a file like it).

Exit status: 0 however much is found; 4 with --gate if anything is; 2 if the file is wrong.`,
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
				if err := printJSON(a.stdout, lintJSON{found, lint.Errata}); err != nil {
					return err
				}
			default:
				a.showFindings(found)
				if errata {
					a.showErrata()
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
		"also list the known errata, and which rule finds each")
	return c
}

func (a *app) showFindings(found []lint.Finding) {
	if len(found) > 0 {
		t := newTable("rule", "where", "what")
		t.SetColumnConfigs([]table.ColumnConfig{
			{Number: 3, WidthMax: 110, WidthMaxEnforcer: text.WrapSoft}})
		for _, f := range found {
			t.AppendRow(table.Row{f.Rule, f.Where, f.What})
		}
		fmt.Fprintln(a.stdout, t.Render())
	}
	fmt.Fprintf(a.stdout, "%d inconsistencies by %d rules\n", len(found), len(lint.Rules))
}

func (a *app) showErrata() {
	t := newTable("erratum", "what", "found by", "not by rule, as")
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 2, WidthMax: 80, WidthMaxEnforcer: text.WrapSoft},
		{Number: 4, WidthMax: 40, WidthMaxEnforcer: text.WrapSoft}})
	for _, e := range lint.Errata {
		t.AppendRow(table.Row{e.N, e.What, strings.Join(e.Rules, ", "), e.Why})
	}
	fmt.Fprintln(a.stdout)
	fmt.Fprintln(a.stdout, t.Render())
}
