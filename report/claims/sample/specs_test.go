package sample

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/internal/fake"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

// notPlannedYet are claims whose experiments do not run all of their arms yet. Once an experiment
// runs an arm's method on its dataset, it must do so in the arm's configuration.
var notPlannedYet = []string{"t3-quoted-rows", "f9-gradient-through-l"}

// The experiments that a claim names plan the cells that it needs: an arm's parameters match those
// of the specs.
func TestSpecsFeedTheClaims(t *testing.T) {
	l := fake.Ledger(t)
	planned := map[string]*Evaluator{}
	files, err := fs.Glob(experiments.Specs, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var named []string // specs, by claims
	for _, c := range l.Second.Claims {
		named = append(named, l.Sentence(c.ID).Specs...)
	}
	for _, file := range files {
		if !slices.Contains(named, strings.TrimSuffix(file, ".yaml")) {
			continue
		}
		text, err := experiments.Specs.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		run := &runlog.Run{Path: file}
		for _, profile := range []string{"", "kddcup", "kddcup_rev", "dagmm", "split", "covtype"} {
			p, err := spec.Parse(file, text, fake.Catalog(), spec.Options{Profile: profile})
			if err != nil {
				if profile == "" {
					t.Fatal(err)
				}
				continue // it has no such profile
			}
			for _, c := range p.Cells {
				run.Cells = append(run.Cells, runlog.CellRecord{PlannedCell: c, Status: runlog.Status{State: runlog.Planned}})
			}
		}
		planned[strings.TrimSuffix(file, ".yaml")] = NewEvaluator(l, fake.Catalog(), []*runlog.Run{run})
	}
	for _, c := range l.Second.Claims {
		need := map[string]bool{}
		for _, check := range c.Checks {
			if check.Op == "plan" || check.Op == "printed" {
				continue
			}
			for _, o := range []*ledger.Operand{check.Left, check.Right} {
				if o == nil || o.Metric == "published" {
					continue
				}
				on := l.Second.Datasets(slices.Concat(check.Datasets, o.WorstOf))
				if o.Dataset != "" {
					on = []string{o.Dataset}
				}
				for _, arm := range o.Arms {
					for _, d := range on {
						need[arm+" on "+d] = true
					}
				}
			}
		}
		specs := l.Sentence(c.ID).Specs
		for what := range need {
			arm, d, _ := strings.Cut(what, " on ")
			ok := slices.ContainsFunc(specs, func(s string) bool {
				return planned[s] != nil && len(planned[s].configurations(l.Arm(arm), d)) > 0
			})
			if !ok && slices.Contains(notPlannedYet, c.ID) {
				ok = !slices.ContainsFunc(specs, func(s string) bool {
					return planned[s] != nil && slices.ContainsFunc(planned[s].records, func(r *record) bool {
						a := l.Arm(arm)
						return a.Set == nil && r.Cell.Method.ID == a.Method && r.Cell.Dataset.ID == d && planned[s].train(r.Cell) == a.Train
					})
				})
			}
			if !ok {
				t.Errorf("%s: %s: none of %v plans it", c.ID, what, specs)
			}
		}
	}
}
