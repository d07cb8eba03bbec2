package main

import (
	"encoding/json"
	"fmt"
	"strings"

	pretty "github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

func (a *app) methodsCommand() *cobra.Command {
	asJSON := false
	c := &cobra.Command{
		Use:   "methods [ID…]",
		Short: "The methods that a spec may name; with IDs, all their parameters",
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
				return snakejson.Write(a.stdout, list)
			}
			if len(args) == 0 {
				entries := make([]entry, len(list))
				for i, m := range list {
					entries[i] = entry{m.ID, m.Title, m.Doc}
				}
				return a.entries(entries, "uaibench methods ID lists the parameters")
			}
			for _, m := range list {
				a.paragraph("", fmt.Sprintf("%s: %s (%s; %s)", m.ID, m.Doc, m.Title, m.Source))
				if err := a.params(m.Params); err != nil {
					return err
				}
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
		Short: "The datasets that a spec may name; with IDs, all their parameters and raw files",
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
				return snakejson.Write(a.stdout, list)
			}
			if len(args) == 0 {
				entries := make([]entry, len(list))
				for i, d := range list {
					entries[i] = entry{d.ID, d.Title, d.Doc}
				}
				return a.entries(entries,
					"uaibench datasets ID lists the parameters, raw files, licence and citation")
			}
			for _, d := range list {
				if err := a.dataset(d); err != nil {
					return err
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "as JSON")
	return c
}

// dataset prints all that the catalogue has about a dataset.
func (a *app) dataset(d bench.DatasetInfo) error {
	a.paragraph("", fmt.Sprintf("%s: %s (%s; %s)", d.ID, d.Doc, d.Title, d.Source))
	classes := "no class labels"
	if d.Classes > 0 {
		classes = fmt.Sprintf("%d classes", d.Classes)
	}
	if d.Published.Rows > 0 {
		classes += fmt.Sprintf("; the paper's %d rows, %d anomalies", d.Published.Rows,
			d.Published.Anomalies)
	}
	a.paragraph("  ", fmt.Sprintf("%d features, %s", d.Features, classes))
	for _, f := range d.Raw {
		a.paragraph("  ", fmt.Sprintf("from %s (%d bytes)", f.Name, f.Bytes))
		a.paragraph("    ", "SHA-256 "+f.SHA256)
		if f.Packed != "" {
			a.paragraph("    ", "gzip    "+f.Packed)
		}
	}
	for _, line := range [][2]string{
		{"anomalies are", d.AnomalyIs}, {"differs from the paper", d.Differs},
		{"licence", d.Licence}, {"cite", d.Citation},
		{"public at", strings.Join(d.URLs, ", ")}} {
		if line[1] != "" {
			a.paragraph("  ", line[0]+": "+line[1])
		}
	}
	for _, f := range d.Fitted {
		a.fitted(f)
	}
	return a.params(d.Params)
}

// entry is one line of a list.
type entry struct{ id, title, doc string }

// entries prints one line an entry, cut to the terminal's width, and then next, a hint.
func (a *app) entries(list []entry, next string) error {
	var ids, titles int
	for _, e := range list {
		ids, titles = max(ids, pretty.StringWidth(e.id)), max(titles, pretty.StringWidth(e.title))
	}
	for _, e := range list {
		line := pretty.Pad(e.id, ids+2, ' ') + pretty.Pad(e.title, titles+2, ' ') + e.doc
		fmt.Fprintln(a.stdout, text.CutWords(line, a.width()))
	}
	a.paragraph("", next)
	return nil
}

// paragraph prints a paragraph wrapped to the terminal's width, every line indented.
func (a *app) paragraph(indent, s string) {
	for line := range strings.SplitSeq(text.Wrap(s, a.width()-len(indent)), "\n") {
		fmt.Fprintln(a.stdout, indent+strings.TrimRight(line, " "))
	}
}

// fitted prints a parameter or split of a dataset that was fitted to a number in the paper.
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
	a.paragraph("  ", fmt.Sprintf("fitted to the paper%s: %s, to %s", where, f.Is, f.To))
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
		return usage(fmt.Errorf("unknown %s among: %s; `uaibench %s` lists all", what,
			strings.Join(args, ", "), command))
	}
	return nil
}

// params prints a table of parameters, with their sources as notes, and an empty line.
func (a *app) params(params []bench.Param) error {
	if len(params) == 0 {
		fmt.Fprint(a.stdout, "  no parameters\n\n")
		return nil
	}
	t := table.Build(table.Table{Name: "parameters"}, params,
		table.Col[bench.Param]{Name: "parameter", Whole: true,
			Value: func(p bench.Param) table.Value {
				v := table.Str(p.Name)
				if p.Source != "" {
					v = v.Noted(p.Source)
				}
				return v
			}},
		table.Col[bench.Param]{Name: "type", Value: func(p bench.Param) table.Value {
			if p.Enum != nil {
				return table.Str(strings.Join(p.Enum, " | "))
			}
			return table.Str(string(p.Kind))
		}},
		table.Col[bench.Param]{Name: "default", Value: func(p bench.Param) table.Value {
			value, _ := json.Marshal(p.Default)
			return table.Str(string(value))
		}},
		table.Col[bench.Param]{Name: "open", Value: func(p bench.Param) table.Value {
			return table.Str(p.Open)
		}},
		table.Col[bench.Param]{Name: "what", Value: func(p bench.Param) table.Value {
			return table.Str(p.Doc)
		}})
	if err := t.WriteText(a.stdout, a.width()); err != nil {
		return err
	}
	_, err := fmt.Fprintln(a.stdout)
	return err
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

// specHelp returns the command `uaibench help spec`, which prints spec.Help.
func (a *app) specHelp() *cobra.Command {
	c := &cobra.Command{Use: "spec",
		Short: "The language of specs: every key with its type, default and an example"}
	c.SetHelpFunc(func(*cobra.Command, []string) { fmt.Fprint(a.stdout, spec.Help()) })
	return c
}
