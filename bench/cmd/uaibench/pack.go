package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/runlog"
)

func (a *app) packCommand() *cobra.Command {
	out := ""
	c := &cobra.Command{
		Use: "pack RUN…",
		Short: "A run in one file, which verify checks offline and every other command reads " +
			"like the run",
		Long: `Packs plan.json, env.json and the planned cells of a run directory, finished or
not, into RUN.tar.gz. The same run gives the same bytes. report, status, verify, compare, claims
and export take a pack wherever they take a run directory, and tar makes a run directory of it
again.`,
		Args: atLeastOne("run directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			if out != "" && len(args) > 1 {
				return usage(fmt.Errorf("--out names one file, but there are %d runs", len(args)))
			}
			if out != "" && !strings.HasSuffix(out, runlog.PackSuffix) {
				return usage(fmt.Errorf("--out %s: the name of a pack ends in %s", out,
					runlog.PackSuffix))
			}
			for _, dir := range args {
				file := runlog.PackPath(dir)
				if out != "" {
					file = out
				}
				p, err := runlog.Pack(dir, file)
				if err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "%s: %d of %d cells, %d bytes\n", file, p.Packed, p.Planned,
					p.Bytes)
				if p.NotInPlan > 0 {
					fmt.Fprintf(a.stderr, "left out: %d cells in %s that its plan does not name\n",
						p.NotInPlan, dir)
				}
			}
			return nil
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "",
		"file to write (default: RUN.tar.gz); with one run only")
	return c
}
