package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/render"
)

func (a *app) renderCommand() *cobra.Command {
	var results, out string
	var check bool
	c := &cobra.Command{
		Use:     "render TEMPLATE",
		Aliases: []string{"book"},
		Short:   "Render EXPERIMENTS.md from committed result sets",
		Long: `Fills a template with the tables, plots and verdicts of result sets (packs, and
theory.json), so that no measured figure is written by hand.` + "`make experiments`" + ` renders experiments/EXPERIMENTS.md.tmpl.

Exit status: 4 with --check if the document or a plot is stale.`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("%s: name one template, such as "+
					"experiments/EXPERIMENTS.md.tmpl\nsee: %s --help", c.CommandPath(),
					c.CommandPath()))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			b, err := a.render(args[0], results)
			if err != nil {
				return err
			}
			changed, err := b.Write(out, results, check)
			for _, path := range changed {
				fmt.Fprintln(a.stdout, path)
			}
			if err != nil {
				return err
			}
			if check && len(changed) > 0 {
				return &statusError{statusGate,
					fmt.Errorf("stale: %s (make experiments renders them)",
						strings.Join(changed, ", "))}
			}
			return nil
		},
	}
	c.Flags().StringVar(&results, "results", filepath.Join("experiments", "results"),
		"folder of result sets; plots go to its folder plots")
	c.Flags().StringVarP(&out, "out", "o", "EXPERIMENTS.md", "file to write")
	c.Flags().BoolVar(&check, "check", false, "write nothing; fail if anything is stale")
	return c
}

// render renders the template with the result sets of a folder; links name that folder as it is
// given.
func (a *app) render(template, results string) (*render.Document, error) {
	text, err := os.ReadFile(template)
	if err != nil {
		return nil, usage(err)
	}
	l, err := ledger.Read("experiments/paper.yaml", experiments.Ledger)
	if err != nil {
		return nil, err
	}
	return render.Render(render.Source{
		Name: template, Template: string(text), Results: results,
		Link: "experiments/results", Ledger: l, Catalog: a.catalog(),
	})
}
