package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/synth/source"
)

func (a *app) dataCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "data",
		Short: "Where raw files are, whether they are intact, and how to get them",
		Args:  none,
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(
		a.drawsCommand(),
		&cobra.Command{
			Use:   "list [SET…]",
			Short: "Every raw file: where it was found, and whether its SHA-256 is right",
			RunE: func(c *cobra.Command, args []string) error {
				return a.dataList(c, args,
					false)
			},
		},
		&cobra.Command{
			Use: "verify [SET…]",
			Short: "The same, with where missing files were looked for and how to get them; " +
				"status 1 if a file is damaged",
			RunE: func(c *cobra.Command, args []string) error { return a.dataList(c, args, true) },
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
		&cobra.Command{
			Use: "describe FILE…",
			Short: "What is in a table of your own (CSV, TSV, npz, mat, Parquet), and a spec to " +
				"start from",
			Args: atLeastOne("file"),
			RunE: a.dataDescribe,
		},
	)
	return c
}

// few is the number of files up to which `data list` lists all files of a set that is not named.
const few = 5

// sets returns a usage error if an id is not that of a set.
func (a *app) sets(command string, ids []string) error {
	for _, id := range ids {
		var known []string
		for _, s := range source.Sets() {
			known = append(known, s.ID)
		}
		if !slices.Contains(known, id) {
			return usage(fmt.Errorf("data %s: there is no set %q; valid: %s", command, id,
				strings.Join(known, ", ")))
		}
	}
	return nil
}

func (a *app) dataList(c *cobra.Command, ids []string, verify bool) error {
	if err := a.sets(c.Name(), ids); err != nil {
		return err
	}
	list, err := a.finder().List(c.Context(), ids...)
	if err != nil {
		return err
	}
	if err := stateTable(list, len(ids) > 0).WriteText(a.stdout, a.width()); err != nil {
		return err
	}
	missing := map[string]bool{} // ids of sets
	damaged := 0
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
		fmt.Fprintln(a.stderr, "\nwhere missing files were looked for, and how to get them: "+
			"uaibench data verify")
	}
	if verify && damaged > 0 {
		return &statusError{status: statusHarness,
			err: fmt.Errorf("\n%d raw files are damaged", damaged)}
	}
	return nil
}

// stateTable returns the table of `data list`. Unless all is set, a set of more than few files has
// one row for each state.
func stateTable(list []source.Status, all bool) *table.Table {
	t := &table.Table{Name: "files", Columns: []table.Column{{Name: "set", Whole: true},
		{Name: "file", Whole: true}, {Name: "state", Whole: true}, {Name: "bytes", Kind: table.Count},
		{Name: "where"}}}
	add := func(set, file, state string, bytes int64, where string) {
		t.Add(table.Str(set), table.Str(file), table.Str(state), table.Int(int(bytes)),
			table.Str(where))
	}
	for from := 0; from < len(list); {
		s := list[from]
		to := from
		for to < len(list) && list[to].Set == s.Set {
			to++
		}
		if group := list[from:to]; len(group) <= few || all {
			for _, f := range group {
				add(f.Set.ID, f.File.Name, f.State(), f.File.Bytes, f.Path)
			}
		} else {
			for _, state := range []string{"ok", "missing", "damaged"} {
				n, bytes, where := 0, int64(0), ""
				for _, f := range group {
					if f.State() == state {
						n, bytes, where = n+1, bytes+f.File.Bytes, filepath.Dir(f.Path)
					}
				}
				if n > 0 {
					if state == "missing" {
						where = ""
					}
					add(s.Set.ID, fmt.Sprintf("%d of %d files", n, len(group)), state, bytes, where)
				}
			}
		}
		from = to
	}
	return t
}

func (a *app) dataFetch(c *cobra.Command, args []string) error {
	if err := a.sets("fetch", args); err != nil {
		return err
	}
	a.cleans.Store(true)
	var last time.Time
	list, err := a.finder().Fetch(c.Context(), args, func(p source.Progress) {
		if now := time.Now(); now.Sub(last) > time.Second || p.Done == p.Total {
			last = now
			fmt.Fprintf(a.stderr, "%s: %d of %d bytes\n", p.File.Name, p.Done, p.Total)
		}
	})
	for _, f := range list {
		from := "already there"
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
	unknown := false
	for _, path := range args {
		if _, err := os.Stat(path); err != nil {
			errs = append(errs, usage(err))
			continue
		}
		list, err := find.Import(c.Context(), path)
		if err != nil {
			errs = append(errs, err)
			_, other := errors.AsType[*source.UnknownError](err)
			unknown = unknown || other
		}
		for _, m := range list {
			switch {
			case m.Err == nil:
				note := ""
				if m.Note != "" {
					note = " (" + m.Note + ")"
				}
				fmt.Fprintf(a.stdout, "%s: %s %s, now at %s%s\n", m.From, m.Set.ID, m.File.Name,
					m.To, note)
			case err == nil:
				fmt.Fprintf(a.stderr, "not imported: %v\n", m.Named())
			}
		}
	}
	if unknown {
		errs = append(errs, fmt.Errorf("known files: %s", find.Known()))
	}
	return errors.Join(errs...)
}
