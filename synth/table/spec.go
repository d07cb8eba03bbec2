package table

import (
	"fmt"
	"math"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench/text"
)

// Spec returns an initial spec, in YAML, that compares methods on the described files. It drops
// columns that cannot be read as numbers and row counters; text of few values becomes categorical.
// The spec is named after the first file.
func Spec(files []*Description) string {
	var b strings.Builder
	fewest, most := 0, 0
	for i, d := range files {
		n := 0
		if d.Label != nil {
			n = d.Label.Anomalies
		}
		if i == 0 || n < fewest {
			fewest = n
		}
		most = max(most, n)
	}
	b.WriteString("version: 1\nname: " + scalar(specName(files[0].Path)) + "\ndatasets:\n")
	for _, d := range files {
		fmt.Fprintf(&b, "  # %s, %s%s\n", rows(d.Rows), text.Plural(len(d.Columns), "column"),
			labelNote(d))
		b.WriteString("  - " + Entry(d) + "\n")
	}
	b.WriteString("methods: [dae_uai, dae, tree_aad, random]\n")
	if most > 0 && most <= 200 {
		b.WriteString("budget: anomalies  # as many audits as there are anomalies\n")
	} else {
		b.WriteString("budget: 200  # audits\n")
	}
	b.WriteString("k: {if_anomalies_below: 100, then: 3, else: 10}  # audits a round\nseeds: " +
		"{count: 5}\n")
	return b.String()
}

// labelNote describes which column was taken as the label.
func labelNote(d *Description) string {
	switch l := d.Label; {
	case l == nil:
		return "; NO LABEL WAS FOUND: name the column that marks anomalies"
	case l.Anomaly != nil:
		return fmt.Sprintf("; anomalies: %s, if %s in %s means anomaly",
			Group(int64(l.Anomalies)), l.Values(), l.Column)
	default:
		return fmt.Sprintf("; anomalies: %s, by %s", Group(int64(l.Anomalies)), l.Column)
	}
}

// Values lists the values in Anomaly, quoted.
func (g *Guess) Values() string {
	const most = 5
	var out []string
	for _, v := range g.Anomaly[:min(most, len(g.Anomaly))] {
		out = append(out, Quote(v))
	}
	if n := len(g.Anomaly) - most; n > 0 {
		out = append(out, fmt.Sprintf("%d more", n))
	}
	if n := len(out); n > 1 {
		return strings.Join(out[:n-1], ", ") + " or " + out[n-1]
	}
	return strings.Join(out, "")
}

// Entry returns the described file's entry in a spec's datasets, in YAML on one line.
func Entry(d *Description) string {
	parts := []string{"id: file", "path: " + scalar(filepath.ToSlash(d.Path))}
	list := func(name string, of []string) {
		if len(of) > 0 {
			quoted := make([]string, len(of))
			for i, s := range of {
				quoted[i] = scalar(s)
			}
			parts = append(parts, name+": ["+strings.Join(quoted, ", ")+"]")
		}
	}
	switch {
	case d.Label == nil:
		parts = append(parts, "label: NAME")
	case !d.Label.Default:
		parts = append(parts, "label: "+scalar(d.Label.Column))
	}
	if d.Label != nil {
		list("anomaly", d.Label.Anomaly)
	}
	drop, categorical, missing := d.use()
	list("drop", drop)
	list("categorical", categorical)
	if missing {
		parts = append(parts, "missing: mean")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// use returns the columns to drop, the categorical ones, and whether any other column has missing
// values.
func (d *Description) use() (drop, categorical []string, missing bool) {
	for _, c := range d.Columns {
		bad := slices.ContainsFunc(d.Problems, func(p Problem) bool {
			return p.Line == 0 &&
				p.Row == 0 && p.Name == c.Name
		})
		switch {
		case d.Label != nil && c.Name == d.Label.Column:
			continue
		case c.DecimalCommas: // Read refuses it with advice; its values are numbers
			continue
		case bad, c.Type == "empty", c.Type == "mixed", c.Type == "text" && c.Values == nil,
			c.Counts:
			drop = append(drop, c.Name)
			continue
		case c.Type == "text":
			categorical = append(categorical, c.Name)
		}
		missing = missing || c.Missing > 0
	}
	return drop, categorical, missing
}

// LeftOut returns the columns that Entry drops: those that also hold numbers, and those of text that
// has too many values to be categorical. Neither has row counters and empty columns.
func (d *Description) LeftOut() (mixed, texts []string) {
	drop, _, _ := d.use()
	for _, name := range drop {
		i := slices.IndexFunc(d.Columns, func(c Column) bool { return c.Name == name })
		switch c := d.Columns[i]; {
		case c.Counts:
		case !math.IsNaN(c.Least):
			mixed = append(mixed, name)
		case c.Type == "text":
			texts = append(texts, name)
		}
	}
	return mixed, texts
}

// HasFeatures reports whether Entry leaves any column as a feature.
func (d *Description) HasFeatures() bool {
	drop, _, _ := d.use()
	left := len(d.Columns) - len(drop)
	if d.Label != nil {
		left--
	}
	return left > 0
}

// specName derives a spec's name from a file's.
func specName(path string) string {
	name := filepath.Base(path)
	for _, end := range []string{".gz", ".csv", ".tsv", ".txt", ".npz", ".mat", ".parquet"} {
		name = strings.TrimSuffix(name, end)
	}
	name = regexp.MustCompile(`[^A-Za-z0-9_-]+`).ReplaceAllString(name, "_")
	if name = strings.Trim(name, "_-"); name == "" {
		return "table"
	}
	return strings.ToLower(name)
}

var (
	plainScalar = regexp.MustCompile(`^[A-Za-z_/][A-Za-z0-9_./-]*$`)
	yamlWords   = regexp.MustCompile(`(?i)^(true|false|yes|no|on|off|y|n|null|nan|inf)$`)
)

// scalar returns s as a YAML scalar that reads back as the same text.
func scalar(s string) string {
	if plainScalar.MatchString(s) && !yamlWords.MatchString(s) {
		return s
	}
	return strconv.Quote(s) // its escapes are YAML's too
}
