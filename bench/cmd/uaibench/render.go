package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/render"
)

// results is the repository's folder of committed result sets.
const results = "experiments/results"

// rendered are the templates of the documents that are not an experiment's page.
var rendered = []render.Template{
	{File: "experiments/EXPERIMENTS.md.tmpl", Out: "EXPERIMENTS.md"},
	{File: "experiments/README.md.tmpl", Out: "README.md", Part: true},
	{File: "experiments/methods.md.tmpl", Out: "experiments/methods.md"},
	{File: "experiments/trust.md.tmpl", Out: "experiments/trust.md"},
	{File: "experiments/claims.md.tmpl", Out: results + "/claims.md"},
}

func (a *app) renderCommand() *cobra.Command {
	var root string
	var check bool
	c := &cobra.Command{
		Use:     "render [DOCUMENT…]",
		Aliases: []string{"book"},
		Short:   "Render the repository's documents from its committed result sets",
		Long: `Fills templates with the tables, plots and verdicts of result sets (packs, theory.json
and draws.json in ` + results + `), so that no measured figure is written by hand:
EXPERIMENTS.md, a page for each experiment beside its sets, the claims, the methods, and the
findings in README.md. Without DOCUMENT it renders all of them and removes pages and plots that
are no longer shown. It prints the paths that changed.

Exit status: 4 with --check if anything is stale.`,
		RunE: func(_ *cobra.Command, args []string) error {
			all, err := a.render(root)
			if err != nil {
				return err
			}
			patterns := []string{results + "/*.md", results + "/plots/*.svg", results + "/tables/*.csv"}
			if len(args) > 0 {
				patterns = nil
				if all, err = only(all, args); err != nil {
					return usage(err)
				}
			}
			changed, err := all.Write(root, check, patterns...)
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
	c.Flags().StringVar(&root, "root", ".", "folder of the repository")
	c.Flags().BoolVar(&check, "check", false, "write nothing; fail if anything is stale")
	return c
}

// render renders all documents of the repository in root.
func (a *app) render(root string) (render.Documents, error) {
	templates := slices.Clone(rendered)
	for i, t := range templates {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(t.File)))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usage(fmt.Errorf("%w: run this in the repository's folder, or name it "+
				"with --root", err))
		} else if err != nil {
			return nil, err
		}
		templates[i].Text = string(text)
	}
	shared, err := os.ReadFile(filepath.Join(root, "experiments", "answer.md.tmpl"))
	if err != nil {
		return nil, err
	}
	l, err := ledger.Read("experiments/paper.yaml", experiments.Ledger)
	if err != nil {
		return nil, err
	}
	return render.All(render.Source{Root: root, Results: results, Pages: "experiments/pages",
		Shared: string(shared), Ledger: l, Catalog: a.catalog()}, templates)
}

// only returns the documents at these paths, or an error if one of them is not rendered.
func only(all render.Documents, paths []string) (render.Documents, error) {
	out := render.Documents{}
	for _, path := range paths {
		name := filepath.ToSlash(filepath.Clean(path))
		if all[name] == nil {
			var known []string
			for _, n := range slices.Sorted(maps.Keys(all)) {
				if strings.HasSuffix(n, ".md") {
					known = append(known, n)
				}
			}
			return nil, fmt.Errorf("%s is not rendered; these are: %s", path,
				strings.Join(known, ", "))
		}
		out[name] = all[name]
	}
	return out, nil
}
