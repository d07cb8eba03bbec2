package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
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
claim night by night; a badge and an Atom feed. Nothing is asked of any other machine.`,
		RunE: func(_ *cobra.Command, args []string) error {
			settings, err := f.settings()
			switch {
			case err != nil:
				return usage(err)
			case out == "" || len(args) == 0:
				return usage(errors.New("uaibench site: name folders of nights, and with -o one " +
					"for the site\nsee: uaibench site --help"))
			}
			specs, err := a.nightsOf(args, settings)
			if err != nil {
				return err
			}
			if err := site.Build(out, specs); err != nil {
				return err
			}
			fmt.Fprintln(a.stdout, filepath.Join(out, "index.html"))
			return nil
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "folder of the site")
	addGate(c, &f)
	return c
}

// nightsOf reads and judges the specs in folders, in the order of their names.
func (a *app) nightsOf(folders []string, s compare.Settings) ([]site.Spec, error) {
	var specs []site.Spec
	for _, folder := range folders {
		below, err := nights.Folders(folder)
		if err != nil {
			return nil, err
		}
		for _, dir := range below {
			spec, err := a.nightsOfSpec(dir, s)
			if err != nil {
				return nil, err
			}
			specs = append(specs, spec)
		}
	}
	slices.SortFunc(specs, func(a, b site.Spec) int { return strings.Compare(a.Name, b.Name) })
	for i := range specs {
		if i > 0 && specs[i].Name == specs[i-1].Name {
			return nil, fmt.Errorf("two folders of nights are called %s", specs[i].Name)
		}
	}
	return specs, nil
}

func (a *app) nightsOfSpec(dir string, s compare.Settings) (site.Spec, error) {
	runs, accepted, err := nights.Read(dir)
	if err != nil {
		return site.Spec{}, err
	}
	story, err := nights.Judge(runs, accepted, s)
	if err != nil {
		return site.Spec{}, fmt.Errorf("%s: %w", dir, err)
	}
	full, err := filepath.Abs(dir)
	if err != nil {
		return site.Spec{}, err
	}
	plan := runs[len(runs)-1].Plan
	spec := site.Spec{Name: filepath.Base(full), Title: plan.Title, Story: story}
	if spec.Title == "" {
		spec.Title = plan.Name
	}
	spec.Claims, err = a.claimsOf(story)
	return spec, err
}

// claimsOf judges each night by itself. Claims that no night says anything of are left out.
func (a *app) claimsOf(story *nights.Story) ([]site.Claim, error) {
	l, err := ledger.Read("experiments/paper.yaml", experiments.Ledger)
	if err != nil {
		return nil, err
	}
	var out []site.Claim
	at := map[string]int{}
	for i, night := range story.Nights {
		e := rule.Evidence{}
		e.Runs = append(e.Runs, night.Run)
		v := claims.Judge(l, a.catalog(), e).OfRun()
		if v == nil {
			continue
		}
		for _, c := range v.Claims {
			if _, known := at[c.ID]; !known {
				at[c.ID] = len(out)
				out = append(out, site.Claim{ID: c.ID, Sentence: c.Statement,
					Verdicts: make([]string, len(story.Nights))})
			}
			out[at[c.ID]].Verdicts[i] = c.Verdict
		}
	}
	return out, nil
}
