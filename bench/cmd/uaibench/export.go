package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/export"
)

func (a *app) exportCommand() *cobra.Command {
	format := ""
	c := &cobra.Command{
		Use:   "export --format benchfmt|csv RUN|PACK",
		Short: "The cells of a run for other programs: benchstat, or a spreadsheet",
		Long: `Writes the cells of a run to standard output.

benchfmt is the Go benchmark format: found, f1 (at N), area and seconds of each done cell. Cells
that differ only by their seed are repetitions, so benchstat compares two runs over their seeds:

  uaibench export --format benchfmt runs/old > old.txt
  uaibench export --format benchfmt runs/new > new.txt
  benchstat -ignore provenance,seed old.txt new.txt

csv has a line for each planned cell, done or not.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(fmt.Errorf("uaibench export: name one run directory or pack\nsee: " +
					"uaibench export --help"))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if format == "" {
				return usage(fmt.Errorf("write --format %s",
					strings.Join(export.Formats, " or --format ")))
			}
			if !slices.Contains(export.Formats, format) {
				return usage(fmt.Errorf("--format %s: is not one of %s", format,
					strings.Join(export.Formats, ", ")))
			}
			run, err := runlog.Read(args[0])
			if err != nil {
				return err
			}
			return export.Write(a.stdout, run, format)
		},
	}
	c.Flags().StringVar(&format, "format", "", "benchfmt or csv")
	return c
}
