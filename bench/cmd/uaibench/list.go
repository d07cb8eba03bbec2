package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// newTable is the terminal table of the listing commands.
func newTable(header ...any) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Options.SeparateRows = false
	t.Style().Options.DrawBorder = false
	t.Style().Format.Header = 0
	t.AppendHeader(table.Row(header))
	return t
}

func (a *app) methodsCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "methods [ID…]",
		Short: "The methods that a spec may name, with every parameter",
		RunE: func(_ *cobra.Command, args []string) error {
			var list []bench.MethodInfo
			for _, m := range a.catalog().Methods {
				if wanted(args, m.ID) {
					list = append(list, m)
				}
			}
			if err := known(args, len(list), "method", "methods"); err != nil {
				return err
			}
			if asJSON {
				return printJSON(a.stdout, list)
			}
			for _, m := range list {
				fmt.Fprintf(a.stdout, "%s: %s (%s; %s)\n", m.ID, m.Doc, m.Title, m.Source)
				a.params(m.Params)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

func (a *app) datasetsCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "datasets [ID…]",
		Short: "The datasets that a spec may name, with every parameter and raw file",
		RunE: func(_ *cobra.Command, args []string) error {
			var list []bench.DatasetInfo
			for _, d := range a.catalog().Datasets {
				if wanted(args, d.ID) {
					list = append(list, d)
				}
			}
			if err := known(args, len(list), "dataset", "datasets"); err != nil {
				return err
			}
			if asJSON {
				return printJSON(a.stdout, list)
			}
			for _, d := range list {
				fmt.Fprintf(a.stdout, "%s: %s (%s; %s)\n", d.ID, d.Doc, d.Title, d.Source)
				classes := "no class labels"
				if d.Classes > 0 {
					classes = fmt.Sprintf("%d classes", d.Classes)
				}
				fmt.Fprintf(a.stdout, "  %d features, %s; the paper's %d rows, %d anomalies\n",
					d.Features, classes, d.Published.Rows, d.Published.Anomalies)
				for _, f := range d.Raw {
					packed := ""
					if f.Packed != "" {
						packed = "; of the gzip file as it is handed out " + f.Packed
					}
					fmt.Fprintf(a.stdout, "  from %s (%d bytes, SHA-256 %s%s)\n", f.Name, f.Bytes,
						f.SHA256, packed)
				}
				for _, line := range [][2]string{
					{"anomalies are", d.AnomalyIs}, {"differs from the paper", d.Differs},
					{"licence", d.Licence}, {"cite", d.Citation},
					{"public at", strings.Join(d.URLs, ", ")}} {
					if line[1] != "" {
						fmt.Fprintf(a.stdout, "  %s: %s\n", line[0], line[1])
					}
				}
				for _, f := range d.Fitted {
					a.fitted(f)
				}
				a.params(d.Params)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// fitted tells what of a dataset was chosen so that a printed number comes out.
func (a *app) fitted(f bench.Fit) {
	where := ""
	switch {
	case f.Split:
		where = " (holdout split)"
	case f.Value != nil:
		where = fmt.Sprintf(" (%s=%v)", f.Param, f.Value)
	case f.Param != "":
		where = fmt.Sprintf(" (%s)", f.Param)
	}
	fmt.Fprintf(a.stdout, "  fitted to the paper%s: %s, to %s\n", where, f.Is, f.To)
}

func wanted(args []string, id string) bool {
	for _, arg := range args {
		if arg == id {
			return true
		}
	}
	return len(args) == 0
}

func known(args []string, found int, what, command string) error {
	if found < len(args) {
		return usage(fmt.Errorf("no such %s among %s; `uaibench %s` lists all", what,
			strings.Join(args, ", "), command))
	}
	return nil
}

func (a *app) params(params []bench.Param) {
	if len(params) == 0 {
		fmt.Fprintln(a.stdout, "  no parameters")
		fmt.Fprintln(a.stdout)
		return
	}
	t := newTable("parameter", "type", "default", "open", "what", "source")
	t.SetColumnConfigs([]table.ColumnConfig{
		{Number: 5, WidthMax: 60, WidthMaxEnforcer: text.WrapSoft},
		{Number: 6, WidthMax: 36, WidthMaxEnforcer: text.WrapSoft}})
	for _, p := range params {
		kind := string(p.Kind)
		if p.Enum != nil {
			kind = strings.Join(p.Enum, "|")
		}
		value, _ := json.Marshal(p.Default)
		t.AppendRow(table.Row{p.Name, kind, string(value), p.Open, p.Doc, p.Source})
	}
	fmt.Fprintln(a.stdout, t.Render())
	fmt.Fprintln(a.stdout)
}

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "The JSON Schema of specs, for editors",
		Args:  none,
		RunE: func(*cobra.Command, []string) error {
			s, err := spec.Schema(a.catalog())
			if err != nil {
				return err
			}
			_, err = a.stdout.Write(s)
			return err
		},
	}
}

// specHelp is `uaibench help spec`: the language of specs, from the types that read it.
func (a *app) specHelp() *cobra.Command {
	c := &cobra.Command{Use: "spec",
		Short: "The language of specs: every key with its type, default and an example"}
	c.SetHelpFunc(func(*cobra.Command, []string) { fmt.Fprint(a.stdout, spec.Help()) })
	return c
}
