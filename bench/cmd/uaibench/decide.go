package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/campaign"
	"github.com/uaibench/uaibench/bench/runner"
	"github.com/uaibench/uaibench/experiments"
)

func (a *app) decideCommand() *cobra.Command {
	var f runFlags
	var s campaign.Settings
	c := &cobra.Command{
		Use:   "decide [CLAIM…] [RUN|PACK|FOLDER…]",
		Short: "Run the cells that take open claims to their next look, until they are decided",
		Long:  campaign.Help,
		RunE: func(c *cobra.Command, args []string) error {
			if err := cmp.Or(f.checkMachine(), a.checkData()); err != nil {
				return usage(err)
			}
			s.RetryFailed, s.Jobs = f.retryFailed, cmp.Or(f.jobs, runtime.GOMAXPROCS(0))
			switch err := a.decider(f).Decide(c.Context(), args, s); {
			case campaign.IsUsage(err):
				return usage(err)
			case errors.Is(err, campaign.ErrInterrupted):
				return &statusError{status: statusInterrupted}
			case errors.Is(err, campaign.ErrFailed):
				return &statusError{status: statusCells}
			default:
				return err
			}
		},
	}
	s.Flags(c.Flags())
	f.addMachine(c)
	return c
}

// decider returns the functions and data of the command that package campaign works with.
func (a *app) decider(f runFlags) *campaign.Host {
	var trials baselines.Trials
	h := &campaign.Host{Ledger: experiments.Ledger, Specs: map[string][]byte{}, Catalog: a.catalog(),
		Evidence: a.evidence, Now: time.Now, Stdout: a.stdout, Stderr: a.stderr, Width: a.width(), Program: os.Args[0]}
	for _, name := range experimentNames() {
		_, h.Specs[name], _ = committedSpec(name)
	}
	h.Estimate = func(ctx context.Context, c bench.Cell) time.Duration {
		cost, _ := a.estimate(ctx, &trials, c) // 0 without an estimate
		return cost.Total()
	}
	h.Missing = func(p *bench.Plan) map[string]bool {
		a.reportMissing(a.stderr, p, a.missing)
		return a.missing
	}
	h.Execute = func(ctx context.Context, c runner.Config) (runner.Summary, error) {
		return a.execute(ctx, c, a.finder(), f)
	}
	h.Command = func(ctx context.Context, args []string) error {
		if status := run(ctx, append(args, "--data", a.data), a.stderr, a.stderr); status != statusOK {
			return cmp.Or(ctx.Err(), fmt.Errorf("uaibench %s failed", quoted(args)))
		}
		return nil
	}
	return h
}
