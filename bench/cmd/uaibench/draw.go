package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/baselines"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/report/network"
)

func (a *app) drawCommand() *cobra.Command {
	var set []string
	dataset, out := "mnist0", ""
	c := &cobra.Command{
		Use:   "draw METHOD",
		Short: "A diagram of the network of a method with a UAI layer",
		Long: `Builds the untrained network of a method with a UAI layer and draws it like the
paper's Figures 1 (draw dae_uai) and 5 (draw class_uai): every layer with its width and
activation, what enters the UAI layer, and where gradients go and stop. It needs no data: a
network's shape follows from the dataset's numbers of features and classes in the catalogue.
--set is as in run: --set params.hidden=[256,64,1].`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("%s: name one method\nsee: %s --help", c.CommandPath(),
					c.CommandPath()))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			format := strings.TrimPrefix(filepath.Ext(out), ".")
			if out == "" {
				format = "svg"
			}
			if format != "svg" && format != "png" {
				return usage(fmt.Errorf("--out %s: its name must end in .svg or .png", out))
			}
			n, title, err := a.network(args[0], dataset, set)
			if err != nil {
				return err
			}
			picture, err := network.Draw(n, title, format)
			if err != nil {
				return err
			}
			if out == "" {
				_, err = a.stdout.Write(picture)
				return err
			}
			if err := atomicfile.Write(out, picture); err != nil {
				return fmt.Errorf("draw: %w", err)
			}
			fmt.Fprintln(a.stdout, out)
			return nil
		},
	}
	c.Flags().StringVar(&dataset, "dataset", dataset,
		"dataset whose features and classes the network is built for")
	c.Flags().StringArrayVar(&set, "set", nil, "override a parameter, as in run; may be repeated")
	c.Flags().StringVarP(&out, "out", "o", "",
		"file to write to, .svg or .png (default: SVG on standard output)")
	return c
}

// network builds a method's network for a dataset and returns it with a title. The arguments are
// parsed as a spec, so that they have a spec's parameters and error messages.
func (a *app) network(method, dataset string, set []string) (n bench.Network, title string,
	err error) {
	text := fmt.Sprintf("version: 1\nname: draw\ndatasets: [%q]\nmethods: [%q]\n"+
		"budget: 1\nseeds: [0]\n", dataset, method)
	plan, err := spec.Parse("draw", []byte(text), a.catalog(), spec.Options{Set: set})
	if err != nil {
		return n, "", usage(err)
	}
	if len(plan.Cells) != 1 {
		return n, "", usage(fmt.Errorf("draw: these are %d networks; one is drawn at a time",
			len(plan.Cells)))
	}
	c := plan.Cells[0]
	m, err := baselines.New(c.Cell.Method, c.Cell.Seed)
	if err != nil {
		return n, "", err
	}
	layered, ok := m.(bench.Networker)
	if !ok {
		return n, "", usage(fmt.Errorf("draw: method %s has no UAI layer; those with one are %s",
			method, strings.Join(layeredMethods(), ", ")))
	}
	info, rows, _ := baselines.Size(a.catalog(), c.Cell)
	d := bench.Data{X: bench.Matrix{Rows: rows, Cols: info.Features}, Classes: info.Classes}
	if d.Classes > 0 {
		d.Class = []int32{}
	}
	n, err = layered.Network(d)
	if err != nil {
		return n, "", usage(fmt.Errorf("draw: %s on %s: %w", method, dataset, err))
	}
	known, _ := a.catalog().Method(c.Cell.Method.ID)
	return n, known.Title + " on " + info.Title, nil
}

// layeredMethods returns the ids of the methods with a UAI layer.
func layeredMethods() []string {
	var out []string
	for _, m := range baselines.Catalog() {
		l, err := baselines.New(bench.MethodRef{ID: m.ID, Version: m.Version}, 0)
		if _, ok := l.(bench.Networker); ok && err == nil {
			out = append(out, m.ID)
		}
	}
	return out
}
