package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/table"
)

func (a *app) planCommand() *cobra.Command {
	var f specFlags
	var reuse []string
	out, asJSON := "", false
	c := &cobra.Command{
		Use:   "plan SPEC…",
		Short: "The cells of a spec, which are done, and an estimate for the rest; runs nothing",
		Args:  atLeastOne("spec"),
		RunE: func(c *cobra.Command, args []string) error {
			plans, err := a.plans(args, f)
			if err != nil {
				return err
			}
			others, err := readRuns(reuse)
			if err != nil {
				return err
			}
			for _, p := range plans {
				if asJSON {
					p.Own = p.Own.Portable()
					if err := snakejson.Write(a.stdout, p); err != nil {
						return err
					}
					continue
				}
				if err := a.showPlan(c.Context(), p, runDir(p, out), others); err != nil {
					return err
				}
			}
			return nil
		},
	}
	f.add(c)
	c.Flags().StringVarP(&out, "out", "o", "", "run directory to look in (default: runs/NAME)")
	addReuse(c, &reuse)
	c.Flags().BoolVar(&asJSON, "json", false, "the whole plan as JSON; estimates nothing")
	return c
}

// showPlan prints a row for each kind of cell, and the time that the missing cells take.
func (a *app) showPlan(ctx context.Context, p *bench.Plan, dir string, others []*runlog.Run) error {
	run, err := runlog.Read(dir)
	switch {
	case err == nil:
		others = append(others[:len(others):len(others)], run)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	kinds, cells := kindsOf(p, others)
	t := planTable(slices.ContainsFunc(kinds, func(k *planKind) bool { return bench.SettingsText(k.first.Variant) != "" }))
	var trials baselines.Trials
	var total, longest time.Duration
	trained := map[string]bool{} // pre-trainings counted so far; cells share them
	var unknown []string
	for _, k := range kinds {
		takes := "unknown"
		cost, err := a.costOf(ctx, &trials, k)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			takes = roughly(cost.Total())
			total += totalCost(cost, k.missing, trained)
			if len(k.missing) > 0 {
				longest = max(longest, cost.Total())
			}
		case len(k.missing) > 0:
			unknown = append(unknown, fmt.Sprintf("%s on %s: not included, because %v",
				k.first.Label, a.catalog().DatasetName(k.first), err))
		}
		budget, each := k.first.Cell.Budget.String(), fmt.Sprint(a.k(k.first.Cell))
		if k.first.Cell.HasHoldout() {
			budget, each = "", "" // no audits
		}
		row := []table.Value{table.Str(a.catalog().DatasetName(k.first)),
			table.Str(k.first.Label), table.Str(bench.SettingsText(k.first.Variant)), table.Str(budget),
			table.Str(each), table.Int(k.ready + len(k.missing)), table.Int(k.ready), table.Str(takes)}
		if len(t.Columns) < len(row) {
			row = slices.Delete(row, 2, 3)
		}
		t.Add(row...)
	}
	a.paragraph("", fmt.Sprintf("%s: %d cells; plan %s; results in %s", p.Name, cells,
		p.Digest()[:20], dir))
	if err := t.WriteText(a.stdout, a.width()); err != nil {
		return err
	}
	a.paragraph("", inAll(total, longest, runtime.GOMAXPROCS(0), trials.Share()))
	for _, line := range unknown {
		a.paragraph("", line)
	}
	return nil
}

// planKind is a group of cells that differ only by their seeds.
type planKind struct {
	first   bench.PlannedCell
	ready   int     // number of done cells
	seconds float64 // total time of the done cells
	missing []bench.Cell
}

// kindsOf groups a plan's cells by kind, in the plan's order, and counts the distinct cells. A cell
// that is done in one of the runs counts as ready.
func kindsOf(p *bench.Plan, runs []*runlog.Run) (kinds []*planKind, cells int) {
	took := map[string]float64{} // seconds of done cells by id
	for _, run := range runs {
		for _, c := range run.Cells {
			if n := len(c.Status.Attempts); c.Status.State == runlog.Done && n > 0 {
				took[c.ID] = c.Status.Attempts[n-1].Seconds
			}
		}
	}
	byKey := map[string]*planKind{}
	seen := map[string]bool{}
	for _, c := range p.Cells {
		if seen[c.ID] {
			continue // a variant without effect: the cell runs once
		}
		seen[c.ID] = true
		key := c.Cell
		key.Seed, key.Dataset.Split.Seed = 0, 0
		k := byKey[key.ID()]
		if k == nil {
			k = &planKind{first: c}
			byKey[key.ID()] = k
			kinds = append(kinds, k)
		}
		if seconds, done := took[c.ID]; done {
			k.ready++
			k.seconds += seconds
		} else {
			k.missing = append(k.missing, c.Cell)
		}
	}
	return kinds, len(seen)
}

// planTable returns an empty table; without variation it has no column "varied".
func planTable(variation bool) *table.Table {
	t := &table.Table{Name: "plan", Columns: []table.Column{{Name: "dataset"}, {Name: "method"},
		{Name: "varied"}, {Name: "budget", Whole: true}, {Name: "k", Whole: true},
		{Name: "cells", Kind: table.Count}, {Name: "done", Kind: table.Count},
		{Name: "each takes at most"}}}
	if !variation {
		t.Columns = slices.Delete(t.Columns, 2, 3)
	}
	return t
}

// inAll describes the processor time total and its wall time on cores, at least longest (the time
// of the longest cell). If share, the part of a core that other work leaves, is below busy, it adds
// the wall time at that share.
func inAll(total, longest time.Duration, cores int, share float64) string {
	wall := max(total/time.Duration(cores), longest)
	text := fmt.Sprintf("the missing cells take at most about %s of processor time: %s on the %d "+
		"cores of this machine (kernel %s), by done cells of the same kind and by short trials "+
		"just now", roughly(total), roughly(wall), cores, baselines.Kernel())
	if share < busy && total > 0 {
		text += fmt.Sprintf("; %s while other work leaves %.0f %% of a core, as it does now",
			roughly(time.Duration(float64(wall)/share)), 100*share)
	}
	return text
}

// busy is the share of a core below which inAll mentions other work.
const busy = 0.8

// totalCost returns the total time of cells of one kind. A shared pre-training counts once: those
// in trained are free, and totalCost adds the cells' own to it.
func totalCost(one baselines.Cost, cells []bench.Cell, trained map[string]bool) time.Duration {
	total := one.Rest * time.Duration(len(cells))
	for _, c := range cells {
		key := baselines.PretrainingKey(c)
		if key == "" || !trained[key] {
			total += one.Pretraining
			trained[key] = true
		}
	}
	return total
}

// costOf returns the cost of a cell of a kind: the mean of the done cells, else an estimate.
func (a *app) costOf(ctx context.Context, trials *baselines.Trials,
	k *planKind) (baselines.Cost, error) {
	if k.ready > 0 {
		each := k.seconds / float64(k.ready)
		return baselines.Cost{Rest: time.Duration(each * float64(time.Second))}, nil
	}
	return a.estimate(ctx, trials, k.first.Cell)
}

// estimate returns a cell's processor time, by trials on random data; own programs have none.
func (a *app) estimate(ctx context.Context, trials *baselines.Trials,
	c bench.Cell) (baselines.Cost, error) {
	if isProgram(c) {
		return baselines.Cost{}, errors.New("plan starts no program of your own")
	}
	cost, err := trials.Cost(ctx, c.Method, baselines.ShapeOf(a.catalog(), c))
	if err != nil {
		return baselines.Cost{}, fmt.Errorf("a trial on random data failed: %w", err)
	}
	return cost, nil
}

// k returns the cell's audits per round, by the catalogue's estimate of the number of anomalies.
func (a *app) k(c bench.Cell) int {
	_, _, anomalies := baselines.Size(a.catalog(), c)
	return c.K.Resolve(anomalies)
}

// roughly formats a duration in a unit and precision that suit an estimate.
func roughly(d time.Duration) string {
	switch {
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d < 2*time.Hour:
		return fmt.Sprintf("%.0f min", d.Minutes())
	}
	return fmt.Sprintf("%.1f h", d.Hours())
}
