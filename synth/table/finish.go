package table

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
)

// with adds the problems of err, which ended the reading, to those already found.
func (b *builder) with(err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	for _, p := range e.List {
		b.log.add("end", p)
	}
	return b.log.err(b.path)
}

// table builds the Table. Call it once all cells are visited.
func (b *builder) table() (*Table, error) {
	b.checkColumns()
	if b.rows == 0 && len(b.log.list) == 0 {
		return nil, refuseNoRows(b.path, b.sheet.header)
	}
	t := &Table{Path: b.path, Form: b.sheet.form, SHA256: b.sheet.sum(), Bytes: b.sheet.bytes,
		Rows: b.rows, Cols: b.d, X: b.x[:b.rows*b.d], Anomaly: b.anomaly[:b.rows]}
	for _, k := range b.codes {
		k.at = k.at[:b.rows]
	}
	b.dropRows(t)
	if b.label >= 0 && b.role[b.label] == label {
		b.checkLabel(t.Rows, t.Anomalies())
		t.Label = b.sheet.names[b.label]
	}
	if err := b.log.err(b.path); err != nil {
		return nil, err
	}
	for i, r := range b.role {
		if r == feature {
			t.Names = append(t.Names, b.sheet.names[i])
		}
	}
	b.oneHot(t)
	if b.class >= 0 {
		k := b.codes[len(b.codes)-1]
		t.Class, t.Classes = k.sorted()
	}
	b.fill(t)
	return t, nil
}

// checkColumns replaces a column's many problems by one where the column as a whole is unusable.
func (b *builder) checkColumns() {
	for i, f := range b.fields {
		name := b.sheet.names[i]
		switch {
		case b.role[i] == feature && f.words > 0 && 2*f.words > f.all-f.missing:
			b.log.forget("word", i+1)
			b.log.forget("missing", i+1)
			b.log.add("words", Problem{Column: i + 1, Name: name, Why: holdsText(name, f.first)})
		case (b.role[i] == feature || b.role[i] == categorical) && f.all > 0 &&
			f.missing == f.all && b.opt.Missing != "":
			b.log.forget("missing", i+1)
			b.log.add("empty", Problem{Column: i + 1, Name: name,
				Why: fmt.Sprintf("has no value in any row: leave it out (drop: [%s])", name)})
		}
	}
	for _, k := range b.codes {
		if len(k.code) > MaxLevels {
			b.log.add("levels", b.sheet.place(nil, k.col,
				fmt.Sprintf("has more than %s values: too many for %s", Group(MaxLevels),
					optionOf[b.role[k.col]])))
		}
	}
}

// Quoted words that are numbers but for their commas.
var (
	decimalComma = regexp.MustCompile(`^"[-+]?[0-9]+,[0-9]+"$`)
	thousands    = regexp.MustCompile(`^"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?"$`)
)

// holdsCommas returns what is wrong with a column of such words, and the advice; example is one of
// them.
func holdsCommas(word, example string) string {
	switch {
	case !thousands.MatchString(word):
		return fmt.Sprintf("holds decimal commas%s: write decimal points", example)
	case decimalComma.MatchString(word):
		return fmt.Sprintf("holds commas in its numbers%s: remove them if they separate "+
			"thousands, or write decimal points", example)
	}
	return fmt.Sprintf("holds commas in its numbers%s: remove them", example)
}

// holdsText returns the advice for a column of text; first is its first word's problem.
func holdsText(name string, first Problem) string {
	word, at := strings.TrimSuffix(first.Why, " is not a number"), fmt.Sprintf("row %d", first.Row)
	if first.Line > 0 {
		at = fmt.Sprintf("line %d", first.Line)
	}
	if decimalComma.MatchString(word) || thousands.MatchString(word) {
		return holdsCommas(word, fmt.Sprintf(" (%s: %s)", at, word))
	}
	return fmt.Sprintf("holds text (%s: %s): make columns of its values (categorical: [%s]) or "+
		"leave it out (drop: [%s])",
		at, word, name, name)
}

// dropRows removes the rows that Missing: drop loses, in place.
func (b *builder) dropRows(t *Table) {
	if b.lost == nil {
		return
	}
	to := 0
	for i := range t.Rows {
		if b.lost[i] {
			t.Dropped++
			continue
		}
		copy(t.X[to*t.Cols:(to+1)*t.Cols], t.X[i*t.Cols:(i+1)*t.Cols])
		t.Anomaly[to] = t.Anomaly[i]
		for _, k := range b.codes {
			k.at[to] = k.at[i]
		}
		to++
	}
	t.Rows, t.X, t.Anomaly = to, t.X[:to*t.Cols], t.Anomaly[:to]
	for _, k := range b.codes {
		k.at = k.at[:to]
	}
	if to == 0 {
		b.log.add("rows", Problem{Why: fmt.Sprintf("missing: drop leaves none of %s rows",
			Group(int64(t.Dropped)))})
	}
}

// sorted renumbers the codes in ascending order of their names, as numbers if all are, else as
// text.
func (k *codes) sorted() (at []int32, names []string) {
	names = slices.Clone(k.names)
	numeric := !slices.ContainsFunc(names, func(s string) bool {
		_,
			why := ParseNumber(s)
		return why != ""
	})
	slices.SortFunc(names, func(a, b string) int {
		if numeric {
			x, _ := ParseNumber(a)
			y, _ := ParseNumber(b)
			if x != y {
				return map[bool]int{true: -1, false: 1}[x < y]
			}
		}
		return strings.Compare(a, b)
	})
	place := make([]int32, len(names))
	for i, name := range names {
		place[k.code[name]] = int32(i)
	}
	for i, c := range k.at {
		if c >= 0 {
			k.at[i] = place[c]
		}
	}
	return k.at, names
}

// oneHot replaces each categorical column by one column per value, in a new, wider matrix.
func (b *builder) oneHot(t *Table) {
	if !slices.Contains(b.role, categorical) {
		return
	}
	var names []string
	var from []func(i int) float64
	for i, r := range b.role {
		switch r {
		case feature:
			at := b.place[i]
			names = append(names, b.sheet.names[i])
			from = append(from, func(row int) float64 { return t.X[row*t.Cols+at] })
		case categorical:
			codes, levels := b.codes[b.place[i]].sorted()
			for l, level := range levels {
				names = append(names, b.sheet.names[i]+"="+level)
				from = append(from, func(row int) float64 {
					switch codes[row] {
					case -1:
						return math.NaN()
					case int32(l):
						return 1
					}
					return 0
				})
			}
		}
	}
	x := make([]float64, t.Rows*len(names))
	for i := range t.Rows {
		for j, value := range from {
			x[i*len(names)+j] = value(i)
		}
	}
	t.X, t.Cols, t.Names = x, len(names), names
}

// fill replaces missing values by their column's mean, summed in row order.
func (b *builder) fill(t *Table) {
	if b.opt.Missing != "mean" {
		return
	}
	for j := range t.Cols {
		sum, n := 0.0, 0
		for i := j; i < len(t.X); i += t.Cols {
			if v := t.X[i]; !math.IsNaN(v) {
				sum += v
				n++
			}
		}
		if n == t.Rows {
			continue
		}
		mean := sum / float64(n)
		if math.IsInf(sum, 0) { // the sum of finite values overflowed: sum v/n
			mean = 0
			for i := j; i < len(t.X); i += t.Cols {
				if v := t.X[i]; !math.IsNaN(v) {
					mean += v / float64(n)
				}
			}
		}
		for i := j; i < len(t.X); i += t.Cols {
			if math.IsNaN(t.X[i]) {
				t.X[i] = mean
				t.Filled++
			}
		}
	}
}
