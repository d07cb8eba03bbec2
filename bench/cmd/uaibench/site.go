package main

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/compare"
	"github.com/uaibench/uaibench/report/nights"
	"github.com/uaibench/uaibench/report/site"
)

func (a *app) siteCommand() *cobra.Command {
	var f compareFlags
	out := ""
	c := &cobra.Command{
		Use:   "site NIGHTS… -o FOLDER",
		Short: "A static site over nights: states, trends, verdicts, a badge and a feed",
		Long: `NIGHTS is a folder of one spec's runs and packs, or a folder of such folders, as
experiments/nightly/nightly.sh keeps them. The site has an index over the specs, and for each one
its state, the trend of every metric with values and commits, its steps, and the verdict of each
claim night by night; a badge and an Atom feed. It loads nothing from any other machine.

A night that cannot be read is named and left out, and the exit status is 1.`,
		RunE: func(_ *cobra.Command, args []string) error {
			settings, err := f.settings()
			switch {
			case err != nil:
				return usage(err)
			case out == "" || len(args) == 0:
				return usage(errors.New("uaibench site: name folders of nights, and the site's " +
					"folder with -o\nsee: uaibench site --help"))
			}
			specs, problems, err := a.nightsOf(args, settings)
			if len(specs) == 0 {
				return err
			}
			if err := site.Build(out, specs, problems...); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, filepath.Join(out, "index.html"))
			return err
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "folder of the site")
	addGate(c, &f)
	return c
}

// nightsOf reads and judges the specs in folders, in the order of their names. problems has the
// folders without a night that can be judged; err has them and every unreadable night.
func (a *app) nightsOf(folders []string, s compare.Settings) (specs []site.Spec,
	problems []string, err error) {
	l, err := ledger.Read("experiments/paper.yaml", experiments.Ledger)
	if err != nil {
		return nil, nil, err
	}
	var errs []error
	for _, folder := range folders {
		below, err := nights.Folders(folder)
		if err != nil {
			errs, problems = append(errs, err), append(problems, err.Error())
		}
		for _, dir := range below {
			spec, unreadable, err := a.nightsOfSpec(dir, s, l)
			if err != nil {
				err = fmt.Errorf("%s: %w", dir, err)
				errs, problems = append(errs, err), append(problems, err.Error())
				continue
			}
			specs, errs = append(specs, spec), append(errs, unreadable)
		}
	}
	slices.SortFunc(specs, func(a, b site.Spec) int { return strings.Compare(a.Name, b.Name) })
	for i := range specs {
		if i > 0 && specs[i].Name == specs[i-1].Name {
			return nil, nil, fmt.Errorf("two folders of nights are called %s: rename one", specs[i].Name)
		}
	}
	return specs, problems, errors.Join(errs...)
}

// nightsOfSpec reads and judges the nights in a folder. unreadable names the nights that cannot be
// read; err is the reason why no night can be judged.
func (a *app) nightsOfSpec(dir string, s compare.Settings, l *ledger.Ledger) (spec site.Spec,
	unreadable, err error) {
	folder, err := nights.Read(dir)
	if err != nil {
		return spec, nil, err
	}
	if len(folder.Runs) == 0 {
		return spec, nil, folder.Err()
	}
	story, err := folder.Judge(s)
	if err != nil {
		return spec, nil, err
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return spec, nil, err
	}
	plan := story.Now().Run.Plan
	return site.Spec{Name: filepath.Base(full), Title: cmp.Or(plan.Title, plan.Name), Story: story,
		Claims: site.Claims(l, a.catalog(), story)}, folder.Err(), nil
}
