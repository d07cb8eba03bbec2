package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// role is how a column is used.
type role uint8

const (
	feature role = iota
	categorical
	label
	class
	dropped
)

// builder assembles a Table from a sheet's cells, which may come in any order.
type builder struct {
	sheet *sheet
	path  string
	opt   Options
	log   problems

	role  []role
	place []int // per column: its index in a row of x, or in codes; -1: neither
	label int   // label column; -1: none
	class int

	d       int       // columns of x
	x       []float64 // row-major, rows x d; NaN: missing
	rows    int       // seen so far
	anomaly []bool
	labels  map[string]*labelValue
	codes   []*codes // of the categorical columns, then the class
	fields  []tally  // per column
	lost    []bool   // rows with a missing field, under Missing: drop; nil: none
}

// tally counts a column's fields.
type tally struct {
	all, words, missing int
	first               Problem // the first word
}

// labelValue is one value of the label.
type labelValue struct {
	anomaly, known bool
	rows           int
}

// codes are the distinct values of a categorical or class column.
type codes struct {
	col   int
	code  map[string]int32 // in order of appearance
	at    []int32          // code of each row; -1: missing
	names []string
}

func newBuilder(s *sheet, path string, opt Options) *builder {
	b := &builder{sheet: s, path: path, opt: opt, label: -1, class: -1,
		labels: map[string]*labelValue{}}
	n := len(s.names)
	b.role, b.place, b.fields = make([]role, n), make([]int, n), make([]tally, n)
	checkNames(b.sheet, &b.log)
	column := func(option, name string, as role) int {
		i := slices.Index(s.names, name)
		switch {
		case i < 0:
			b.log.add(option+name, Problem{Why: fmt.Sprintf("%s: there is no column %s; the "+
				"columns are %s", option, Quote(name), listed(s.names))})
		case b.role[i] != feature:
			b.log.add(option+name, Problem{Column: i + 1, Name: name, Why: "both " +
				optionOf[b.role[i]] + " and " + option + " name it"})
		default:
			b.role[i] = as
		}
		return i
	}
	if name := b.labelName(); name != "" {
		b.label = column("label", name, label)
	}
	if opt.Class != "" {
		b.class = column("class", opt.Class, class)
	}
	for _, name := range opt.Drop {
		column("drop", name, dropped)
	}
	for _, name := range opt.Categorical {
		column("categorical", name, categorical)
	}
	features := 0
	for i, r := range b.role {
		switch b.place[i] = -1; r {
		case feature:
			b.place[i] = b.d
			b.d++
			features++
		case categorical:
			b.place[i] = len(b.codes)
			b.codes = append(b.codes, &codes{col: i, code: map[string]int32{}})
			features++
		}
	}
	if b.class >= 0 && b.role[b.class] == class {
		b.place[b.class] = len(b.codes)
		b.codes = append(b.codes, &codes{col: b.class, code: map[string]int32{}})
	}
	if features == 0 {
		b.log.add("features", Problem{Why: fmt.Sprintf("no column is left as a feature; the "+
			"columns are %s", listed(s.names))})
	}
	return b
}

var optionOf = map[role]string{categorical: "categorical", label: "label", class: "class",
	dropped: "drop"}

// checkNames adds a problem for each duplicate column name.
func checkNames(s *sheet, log *problems) {
	first, line := map[string]int{}, 0
	if s.lines {
		line = 1
	}
	for i, name := range s.names {
		if j, twice := first[name]; twice {
			log.add("names", Problem{Line: line, Column: i + 1, Name: name,
				Why: fmt.Sprintf("has the same name as column %d: names must differ", j+1)})
		} else {
			first[name] = i
		}
	}
}

// labelName returns the label column's name. If there is none, it adds a problem and returns "".
func (b *builder) labelName() string {
	if b.opt.Label != "" {
		return b.opt.Label
	}
	if l := b.sheet.label; l != "" && slices.Contains(b.sheet.names, l) {
		return l
	}
	for _, name := range b.sheet.names {
		if strings.EqualFold(name, "label") {
			return name
		}
	}
	why := "has no column called label: name the column that marks anomalies (label: NAME); " +
		"the columns are " + listed(b.sheet.names)
	for _, name := range b.sheet.names {
		if slices.Contains(labelNames, strings.ToLower(name)) {
			why += "; perhaps it is " + Quote(name)
			break
		}
	}
	if !b.sheet.header {
		why += " (the file has no header)"
	}
	b.log.add("label", Problem{Why: why})
	return ""
}

// labelNames are customary names of the label.
var labelNames = []string{"label", "y", "anomaly", "is_anomaly", "outlier", "is_outlier", "class",
	"target", "fraud", "is_fraud", "attack"}

// allocate allocates the matrix, the labels and the codes for all rows.
func (b *builder) allocate() error {
	n := b.sheet.rows
	if n > math.MaxInt32 || b.d > 0 && n > maxValues/b.d {
		return refuse(b.path, "is too large: %s rows x %s columns; at most %s numbers are read",
			Group(int64(n)), Group(int64(b.d)), Group(maxValues))
	}
	b.x = make([]float64, n*b.d)
	b.anomaly = make([]bool, n)
	for _, c := range b.codes {
		c.at = make([]int32, n)
	}
	return nil
}

// wanted marks the columns to read: all but the dropped ones.
func (b *builder) wanted() []bool {
	out := make([]bool, len(b.role))
	for i, r := range b.role {
		out[i] = r != dropped
	}
	return out
}

// visit stores a cell.
func (b *builder) visit(c *cell) {
	b.rows = max(b.rows, c.row+1)
	t := &b.fields[c.col]
	t.all++
	switch b.role[c.col] {
	case feature:
		v, why := c.value()
		switch {
		case why == "":
			b.x[c.row*b.d+b.place[c.col]] = v
		case why == missing:
			b.x[c.row*b.d+b.place[c.col]] = math.NaN()
			b.miss(c, t)
		default:
			p := b.sheet.place(c, c.col, why)
			kind := "number"
			if c.kind == textCell && strings.HasSuffix(why, " is not a number") {
				kind = "word"
				if t.words++; t.words == 1 {
					t.first = p
				}
			}
			b.log.add(kind, p)
		}
	case label:
		b.visitLabel(c, t)
	case categorical, class:
		k := b.codes[b.place[c.col]]
		word := c.word()
		if word == "" {
			k.at[c.row] = -1
			b.miss(c, t)
			return
		}
		code, ok := k.code[word]
		if !ok {
			if len(k.code) > MaxLevels {
				return
			}
			word = strings.Clone(word)
			code = int32(len(k.code))
			k.code[word] = code
			k.names = append(k.names, word)
		}
		k.at[c.row] = code
	}
}

// missing is the reason that value gives for a cell without a value.
const missing = "has no value"

// value returns a cell's number, or why it has none.
func (c *cell) value() (v float64, why string) {
	switch c.kind {
	case nullCell:
		return 0, missing
	case numberCell:
		switch {
		case math.IsNaN(c.number):
			return 0, missing
		case math.IsInf(c.number, 0):
			return 0, fmt.Sprintf("%v is not a finite number", c.number)
		}
		return c.number, ""
	}
	if v, why = ParseNumber(c.text); why == "" {
		return v, ""
	}
	trimmed := strings.TrimSpace(c.text)
	if isMissing(trimmed) {
		return 0, missing
	}
	if len(trimmed) == len(c.text) {
		return 0, why
	}
	return ParseNumber(trimmed)
}

// word returns a cell's value as text; "" if it is missing.
func (c *cell) word() string {
	switch {
	case c.kind == nullCell || c.kind == numberCell && math.IsNaN(c.number):
		return ""
	case c.kind == numberCell:
		return strconv.FormatFloat(c.number, 'g', -1, 64)
	}
	trimmed := strings.TrimSpace(c.text)
	if isMissing(trimmed) {
		return ""
	}
	return trimmed
}

// miss handles a missing value: it marks the row, leaves the field to fill, or adds a problem.
func (b *builder) miss(c *cell, t *tally) {
	t.missing++
	switch {
	case b.opt.Missing == "drop":
		if b.lost == nil {
			b.lost = make([]bool, b.sheet.rows)
		}
		b.lost[c.row] = true
		return
	case b.opt.Missing == "mean" && (b.role[c.col] == feature || b.role[c.col] == categorical):
		return
	}
	why := missing
	switch text := strings.TrimSpace(c.text); {
	case c.kind == numberCell:
		why = "is NaN"
	case c.kind == textCell && text == "":
		why = "is empty"
	case c.kind == textCell:
		why = "is " + Quote(text) + ", which means no value"
	}
	if r := b.role[c.col]; r == label || r == class {
		why += "; a " + optionOf[r] + " cannot be filled in (missing: drop leaves such rows out)"
	} else {
		why += " (set missing: mean or missing: drop to continue without it)"
	}
	b.log.add("missing", b.sheet.place(c, c.col, why))
}
