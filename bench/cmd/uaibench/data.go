package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/synth/source"
)

func (a *app) dataCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "data",
		Short: "Where raw files are, whether they are right, and how to get them",
		Args:  none,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		&cobra.Command{
			Use:   "list",
			Short: "Every raw file: where it was found, and whether its SHA-256 is right",
			Args:  none,
			RunE:  func(c *cobra.Command, _ []string) error { return a.dataList(c, false) },
		},
		&cobra.Command{
			Use:   "verify",
			Short: "The same, with where missing files were looked for and how to get them; status 1 where a file is damaged",
			Args:  none,
			RunE:  func(c *cobra.Command, _ []string) error { return a.dataList(c, true) },
		},
		&cobra.Command{
			Use:   "fetch [SET…]",
			Short: "Download raw files from their public addresses into the cache",
			RunE:  a.dataFetch,
		},
		&cobra.Command{
			Use:   "import PATH…",
			Short: "Copy raw files that you have into the cache, recognised by their content",
			Args:  atLeastOne("file or folder"),
			RunE:  a.dataImport,
		},
	)
	return c
}

func (a *app) dataList(c *cobra.Command, verify bool) error {
	list, err := a.finder().List(c.Context())
	if err != nil {
		return err
	}
	t := newTable("set", "file", "state", "bytes", "where")
	damaged := 0
	for _, s := range list {
		t.AppendRow(table.Row{s.Set.ID, s.File.Name, s.State(), s.File.Bytes, s.Path})
	}
	fmt.Fprintln(a.stdout, t.Render())
	missing := map[string]bool{} // sets
	for _, s := range list {
		switch s.State() {
		case "damaged":
			damaged++
			fmt.Fprintf(a.stderr, "\n%v\n", s.Err)
		case "missing":
			if verify && !missing[s.Set.ID] {
				fmt.Fprintf(a.stderr, "\n%v\n", s.Err)
			}
			missing[s.Set.ID] = true
		}
	}
	if len(missing) > 0 && !verify {
		fmt.Fprintln(a.stderr, "\nwhere missing files were looked for, and how to get them: uaibench data verify")
	}
	if verify && damaged > 0 {
		return &statusError{status: statusHarness, err: fmt.Errorf("\n%d raw files are not what they should be", damaged)}
	}
	return nil
}

func (a *app) dataFetch(c *cobra.Command, args []string) error {
	for _, id := range args {
		var ids []string
		for _, s := range source.Sets() {
			ids = append(ids, s.ID)
		}
		if !slices.Contains(ids, id) {
			return usage(fmt.Errorf("data fetch: there is no set %q; there are %s", id, strings.Join(ids, ", ")))
		}
	}
	var last time.Time
	list, err := a.finder().Fetch(c.Context(), args, func(p source.Progress) {
		if now := time.Now(); now.Sub(last) > time.Second || p.Done == p.Total {
			last = now
			fmt.Fprintf(a.stderr, "%s: %d of %d bytes\n", p.File.Name, p.Done, p.Total)
		}
	})
	for _, f := range list {
		from := "was there already"
		if f.URL != "" {
			from = "from " + f.URL
		}
		fmt.Fprintf(a.stdout, "%s %s: %s, %s\n", f.Set.ID, f.File.Name, f.Path, from)
	}
	return err
}

func (a *app) dataImport(c *cobra.Command, args []string) error {
	find := a.finder()
	var errs []error
	for _, path := range args {
		if _, err := os.Stat(path); err != nil {
			errs = append(errs, usage(err))
			continue
		}
		list, err := find.Import(c.Context(), path)
		for _, m := range list {
			if m.Err != nil {
				fmt.Fprintf(a.stderr, "%s: not taken: %v\n", m.From, m.Err)
				continue
			}
			fmt.Fprintf(a.stdout, "%s: %s %s, now at %s\n", m.From, m.Set.ID, m.File.Name, m.To)
		}
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
