package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/decide"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
)

func (a *app) decideCommand() *cobra.Command {
	hours, asJSON := 0.0, false
	c := &cobra.Command{
		Use:   "decide [CLAIM…] [RUN|PACK|FOLDER…]",
		Short: "Which runs would take the open claims to their next look, as commands; runs nothing",
		Long: `Judges as claims does, and prints for each claim that is open or not run the commands that take it
to its next look (5, 10, 20 or 40 replicates), those first that decide most in an hour. A command
that serves several claims counts for all of them. Without arguments it is about all claims and the
committed result sets.

A chance is that of further runs like those at hand; no number of runs is promised to decide
anything. Times are those that cells of the kind took, or an estimate.`,
		RunE: func(c *cobra.Command, args []string) error {
			if !(hours >= 0) {
				return usage(fmt.Errorf("--hours %v: write 0 or more", hours))
			}
			l, err := ledger.Read("experiments/paper.yaml", experiments.Ledger)
			if err != nil {
				return err
			}
			var only, paths []string
			for _, arg := range args {
				if l.Second.Claim(arg) != nil {
					only = append(only, arg)
				} else {
					paths = append(paths, arg)
				}
			}
			plan, err := a.decide(c.Context(), l, only, paths)
			if err != nil {
				return err
			}
			if asJSON {
				return snakejson.Write(a.stdout, plan)
			}
			return plan.WriteText(a.stdout, a.width())
		},
	}
	c.Flags().Float64Var(&hours, "hours", 0,
		"leave out what does not fit in so many hours of one core (default: no limit)")
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// decide plans for the claims that are named, or for all.
func (a *app) decide(ctx context.Context, l *ledger.Ledger, only, paths []string) (*decide.Plan, error) {
	e, err := a.evidence(paths)
	if err != nil {
		return nil, err
	}
	in := decide.Input{Ledger: l, Catalog: a.catalog(), Runs: e.Runs, Specs: map[string][]byte{}}
	in.Judge, _ = rule.New(l, a.catalog(), e)
	for _, c := range claims.JudgeAll(in.Judge) {
		if len(only) == 0 || slices.Contains(only, c.ID) {
			in.Rows = append(in.Rows, c.Row)
		}
	}
	for _, name := range experimentNames() {
		if _, text, ok := committedSpec(name); ok {
			in.Specs[name] = text
		}
	}
	var trials baselines.Trials
	in.Estimate = func(c bench.Cell) time.Duration {
		cost, err := a.estimate(ctx, &trials, c)
		if err != nil {
			return 0
		}
		return cost.Total()
	}
	plan := decide.New(in)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("decide: %w", ctx.Err())
	}
	return plan, nil
}
