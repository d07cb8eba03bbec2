package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/runlog"
)

func (a *app) packCommand() *cobra.Command {
	out, slim := "", false
	c := &cobra.Command{
		Use: "pack RUN|PACK…",
		Short: "A run in one file, which verify checks offline and every other command reads " +
			"like the run",
		Long: `Packs plan.json, env.json and the planned cells of a run directory, finished or
not, into RUN.tar.gz. The same run gives the same bytes. report, status, verify, compare, claims
and export take a pack wherever they take a run directory, and tar unpacks it to a run directory.

With --slim each audit keeps its row and answer, some 3 bytes instead of 20, and loses its score.
Curves and metrics are replayed from a slim pack as from a whole one, and a cell that is run again
is still compared by the SHA-256 of its whole log. That scores fall within a round is not checked.`,
		Args: atLeastOne("run directory or pack"),
		RunE: func(_ *cobra.Command, args []string) error {
			if out != "" && len(args) > 1 {
				return usage(fmt.Errorf("--out names one file, but there are %d runs", len(args)))
			}
			if out != "" && !strings.HasSuffix(out, runlog.PackSuffix) {
				return usage(fmt.Errorf("--out %s: the name of a pack must end in %s", out,
					runlog.PackSuffix))
			}
			return each(args, func(run string) error { return a.pack(run, out, slim) })
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "",
		"file to write (default: RUN.tar.gz); with one run only")
	c.Flags().BoolVar(&slim, "slim", false, "rows and answers without their scores")
	return c
}

func (a *app) pack(run, out string, slim bool) error {
	file, write := runlog.PackPath(run), runlog.Pack
	if slim {
		write = runlog.PackSlim
	}
	switch {
	case out != "":
		file = out
	case slim && strings.HasSuffix(run, runlog.PackSuffix):
		return usage(fmt.Errorf("--slim would replace %s and lose its scores: name a file with "+
			"--out", run))
	}
	p, err := write(run, file)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s: %d of %d cells, %d bytes", file, p.Packed, p.Planned, p.Bytes)
	if p.Slim > 0 {
		fmt.Fprintf(a.stdout, "; %d slim, %d audits", p.Slim, p.Audits)
	}
	fmt.Fprintln(a.stdout)
	if p.NotInPlan > 0 {
		fmt.Fprintf(a.stderr, "left out: %d cells in %s that its plan does not name\n", p.NotInPlan,
			run)
	}
	return nil
}
