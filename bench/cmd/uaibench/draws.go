package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/report/claims/sample"
	"github.com/uaibench/uaibench/synth"
	"github.com/uaibench/uaibench/synth/source"
)

func (a *app) drawsCommand() *cobra.Command {
	draws, out := 200, ""
	c := &cobra.Command{
		Use:   "draws [DATASET…]",
		Short: "Counts of the datasets over many draws of their data, as evidence for claims",
		Long: `Counts rows, anomalies, classes and types of every dataset of the paper as drawn by the data seeds
1 to 200, without training a method. With --out it writes draws.json, which claims and render read
beside the result sets. A dataset without its files is named and left out. Datasets that train a
weak classifier for each draw are counted once.`,
		RunE: func(c *cobra.Command, args []string) error {
			if draws < 1 {
				return usage(fmt.Errorf("--draws %d: write 1 or more", draws))
			}
			d, err := a.countDraws(c.Context(), args, draws)
			if err != nil || out == "" {
				return err
			}
			data, err := json.Marshal(d)
			if err != nil {
				return err
			}
			// One dataset a line, for readers and for diffs.
			data = []byte(strings.ReplaceAll(string(data), `{"id"`, "\n"+`{"id"`) + "\n")
			if err := os.MkdirAll(out, atomicfile.DirMode); err != nil {
				return err
			}
			return atomicfile.Write(filepath.Join(out, drawsFile), data)
		},
	}
	c.Flags().IntVar(&draws, "draws", draws, "data seeds, from 1 on")
	c.Flags().StringVarP(&out, "out", "o", "", "folder for draws.json (default: print only)")
	return c
}

// countDraws counts the draws of the datasets ids (none: all with a published size) and prints
// each.
func (a *app) countDraws(ctx context.Context, ids []string, draws int) (*sample.Draws, error) {
	if len(ids) == 0 {
		for _, d := range a.catalog().Datasets {
			if d.Published.Rows > 0 {
				ids = append(ids, d.ID)
			}
		}
	}
	out := &sample.Draws{}
	for _, id := range ids {
		info, ok := a.catalog().Dataset(id)
		if !ok {
			return nil, usage(fmt.Errorf("there is no dataset %s; `uaibench datasets` lists them", id))
		}
		n := draws
		if strings.HasSuffix(id, "_hard") {
			n = 1
		}
		d, err := drawn(ctx, info, n, a.finder())
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			fmt.Fprintf(a.stderr, "%s: left out: %v\n", id, err)
			continue
		}
		out.Datasets = append(out.Datasets, d)
		fmt.Fprintf(a.stdout, "%s: %d draws, %v rows, %v anomalies\n", id, n,
			between(d.Counts["rows"]), between(d.Counts["anomalies"]))
	}
	return out, nil
}

func between(xs []int) string {
	lo, hi := xs[0], xs[0]
	for _, x := range xs {
		lo, hi = min(lo, x), max(hi, x)
	}
	if lo == hi {
		return fmt.Sprint(lo)
	}
	return fmt.Sprintf("%d–%d", lo, hi)
}

// drawn counts a dataset with its default parameters for the data seeds 1 to draws. Counts that are
// always 0 are omitted.
func drawn(ctx context.Context, info bench.DatasetInfo, draws int,
	find *source.Finder) (sample.DrawnDataset, error) {
	out := sample.DrawnDataset{ID: info.ID, Version: info.Version, Draws: draws}
	seeds := make([]uint64, draws)
	for i := range seeds {
		seeds[i] = uint64(i + 1)
	}
	list, err := synth.Draws(ctx, bench.DatasetRef{ID: info.ID, Version: info.Version}, seeds, find)
	if err != nil {
		return out, err
	}
	for name, of := range map[string]func(synth.Statistics) int{
		"rows":        func(s synth.Statistics) int { return s.Rows },
		"anomalies":   func(s synth.Statistics) int { return s.Anomalies },
		"classes":     func(s synth.Statistics) int { return s.Classes },
		"train_types": func(s synth.Statistics) int { return s.TrainTypes },
		"test_types":  func(s synth.Statistics) int { return s.TestTypes },
		"new_types":   func(s synth.Statistics) int { return s.NewTypes },
	} {
		xs, any := make([]int, draws), false
		for i, s := range list {
			xs[i] = of(s)
			any = any || xs[i] != 0
		}
		if any {
			out.Add(name, xs)
		}
	}
	return out, nil
}
