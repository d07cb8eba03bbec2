package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/atomicfile"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/describe"
	plain "github.com/uaibench/uaibench/bench/text"
	"github.com/uaibench/uaibench/report/text"
	own "github.com/uaibench/uaibench/synth/table"
)

func (a *app) initCommand() *cobra.Command {
	out, force := "", false
	c := &cobra.Command{
		Use: "init FILE…",
		Short: "Write a spec that compares methods on tables of your own (CSV, TSV, npz, mat, " +
			"Parquet)",
		Long: `Writes a spec to start from, with what each file's label seems to be, which columns are text or
number the rows, and whether values are missing. Read it before you run it. It is named after the
first file and written to this folder, or to --out; an existing spec is not replaced.

  uaibench init fraud.csv && uaibench run fraud.yaml`,
		Args: atLeastOne("file"),
		RunE: func(c *cobra.Command, args []string) error { return a.init(c, args, out, force) },
	}
	c.Flags().StringVarP(&out, "out", "o", "",
		"the spec's file (default: the first file's name with .yaml)")
	c.Flags().BoolVar(&force, "force", false, "replace an existing spec")
	return c
}

func (a *app) init(c *cobra.Command, args []string, out string, force bool) error {
	if c.Flags().Changed("out") && out == "" {
		return usage(errors.New("--out: name a file"))
	}
	if out == "" {
		out = specFile(args[0])
	}
	var all []*own.Description
	given := map[*own.Description]string{}
	var errs []error
	for _, path := range args {
		d, err := a.describeFile(c, path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		given[d] = path
		if d.Path, err = fromSpec(out, path); err != nil {
			return err
		}
		all = append(all, d)
	}
	if len(errs) > 0 {
		return errors.Join(errs...)
	}
	if _, err := os.Lstat(out); err == nil && !force {
		return usage(fmt.Errorf("%s already exists: name another file with --out, or replace it "+
			"with --force", out))
	}
	if err := atomicfile.Write(out, []byte(own.Spec(all))); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s: %s; read it, then: uaibench run %s\n", out,
		text.Plural(len(all), "dataset"), plain.ShellWord(out))
	for _, d := range all {
		for _, note := range describe.Notes(d, given[d], out) {
			fmt.Fprintf(a.stderr, "%s: %s\n", d.Path, text.Clean(note))
		}
	}
	return nil
}

// specFile returns the name of a data file's spec: in this folder, with the file's base name.
func specFile(path string) string {
	name := strings.TrimSuffix(filepath.Base(path), ".gz")
	return strings.TrimSuffix(name, filepath.Ext(name)) + ".yaml"
}

// fromSpec returns the path by which a spec names a file: relative to the spec's folder if the file
// exists relative to the current one, else unchanged, to be resolved in the data directory.
func fromSpec(spec, path string) (string, error) {
	if _, err := os.Stat(path); err != nil || filepath.IsAbs(path) {
		return path, nil
	}
	base, err := filepath.Abs(filepath.Dir(spec))
	if err != nil {
		return "", err
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.Rel(base, full)
}
