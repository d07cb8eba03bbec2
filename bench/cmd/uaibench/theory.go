package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/theory"
	"github.com/uaibench/uaibench/report/theorems"
)

func (a *app) theoryCommand() *cobra.Command {
	var seed uint64
	var out string
	var formats []string
	c := &cobra.Command{
		Use:   "theory",
		Short: "Check Theorems 1 to 3 numerically",
		Long: `Simulates the statements of the paper's theorems (Sec. 2.1 and App. E), for some
seconds, and prints which hold. With --out it writes theory.json, theory.md and plots of each
bound against the exact value. The same seed gives the same bytes; it needs no data.`,
		Args: none,
		RunE: func(*cobra.Command, []string) error {
			for _, f := range formats {
				if !slices.Contains(theorems.Formats, f) {
					return usage(fmt.Errorf("--format: %q is not one of %s", f,
						strings.Join(theorems.Formats, ", ")))
				}
			}
			if out != "" {
				if err := os.MkdirAll(out, atomicfile.DirMode); err != nil {
					return fmt.Errorf("--out: %w", err)
				}
			}
			r := theory.Run(seed)
			for _, s := range r.Statements {
				holds := "holds"
				if !s.Holds {
					holds = "DOES NOT HOLD"
				}
				a.paragraph("", fmt.Sprintf("%s: %s: %s", s.Name, s.Text, holds))
				a.paragraph("    ", s.Why)
			}
			if out == "" {
				return nil
			}
			paths, err := theorems.Write(r, out, formats)
			for _, p := range paths {
				fmt.Fprintln(a.stderr, "wrote", p)
			}
			return err
		},
	}
	c.Flags().Uint64Var(&seed, "seed", theory.DefaultSeed, "seed of all random draws")
	c.Flags().StringVar(&out, "out", "", "folder to write to (default: print only)")
	c.Flags().StringSliceVar(&formats, "format", theorems.Formats,
		"what to write: "+strings.Join(theorems.Formats, ", "))
	return c
}
