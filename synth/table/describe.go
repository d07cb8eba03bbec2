package table

import (
	"cmp"
	"context"
	"hash/fnv"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Description is what is in a file, whatever it is used for.
type Description struct {
	Path    string
	Form    Form
	SHA256  string // of the content, gzip undone
	Bytes   int64  // of the content
	Header  bool   // columns have the file's own names
	Rows    int
	Columns []Column
	// Duplicates is how many rows equal an earlier one in every column but the label and those that
	// count the rows.
	Duplicates int
	Problems   []Problem // of rows and columns that cannot be read, the first few
	Label      *Guess    // nil: no column looks like a label
}

// Column is what a column holds.
type Column struct {
	Name    string
	Type    string // "integer", "number", "text", "mixed" (numbers and text) or "empty"
	Missing int    // fields without a value
	// Values are all values and their rows, the most frequent first; nil where there are more than
	// MaxValues.
	Values      []Value
	Least, Most float64 // of the numbers; NaN where there are none
	// the rows are counted, upwards by one: it numbers them and measures nothing
	Counts bool
	// DecimalCommas says that its text is numbers written with commas, such as 2,5: they are to be
	// written with points.
	DecimalCommas bool
}

// MaxValues is how many values Column.Values lists.
const MaxValues = 50

// Constant says that every row has the same value.
func (c *Column) Constant() bool { return len(c.Values) == 1 && c.Missing == 0 }

// Value is a value and how many rows have it.
type Value struct {
	Text string
	Rows int
}

// Guess is a column that looks like a label.
type Guess struct {
	Column    string
	Default   bool     // Options.Label need not name it
	Anomaly   []string // what Options.Anomaly must list; nil: nothing
	Anomalies int
}

// Describe reads any file that Read can read, without options. Problems of single rows and columns
// are in the description; the error is an *Error for a file that cannot be read at all, or the
// context's.
func Describe(ctx context.Context, path string) (*Description, error) {
	s, closer, err := open(ctx, path, "auto")
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	out := &Description{Path: path, Form: s.form, Header: s.header, Columns: make([]Column,
		len(s.names))}
	profiles := make([]*profile, len(s.names))
	want := make([]bool, len(s.names))
	for i := range profiles {
		profiles[i], want[i] = &profile{values: map[string]*int{}, least: math.Inf(1),
			most: math.Inf(-1), counts: true}, true
	}
	hashes := newRowHashes(s)
	var log problems
	checkNames(s, &log)
	err = s.each(want, func(c *cell) {
		out.Rows = max(out.Rows, c.row+1)
		profiles[c.col].add(c)
		hashes.add(c)
	}, log.add)
	if err != nil {
		return nil, err
	}
	if out.Rows == 0 {
		if err := log.err(path); err != nil {
			return nil, err
		}
		return nil, refuseNoRows(path, s.header)
	}
	var commas []Problem
	for i, p := range profiles {
		if out.Columns[i] = p.column(s.names[i], out.Rows); out.Columns[i].Counts &&
			i != hashes.label {
			hashes.forget(i, p.first, out.Rows)
		}
		if out.Columns[i].DecimalCommas {
			commas = append(commas, Problem{Column: i + 1, Name: s.names[i],
				Why: "holds decimal commas, such as 2,5: write decimal points"})
		}
	}
	out.SHA256, out.Bytes = s.sum(), s.bytes
	for _, p := range log.list {
		out.Problems = append(out.Problems, p.Problem)
	}
	out.Problems = append(out.Problems, commas...)
	out.Duplicates = hashes.duplicates(out.Rows)
	out.Label = guess(out.Columns, s)
	return out, nil
}

// profile is what is known of a column while it is read.
type profile struct {
	numbers, words, missing int
	commas                  int // of the words: numbers with a decimal comma
	fraction                bool
	least, most             float64
	values                  map[string]*int // nil: too many
	last                    float64         // the number before, and its place among the values
	lastRows                *int
	first                   float64 // the first number
	counts                  bool
}

// add takes a cell.
func (p *profile) add(c *cell) {
	v, why := c.value()
	text := ""
	switch {
	case why == missing:
		p.missing++
		p.counts = false
		return
	case why == "":
		if p.numbers == 0 {
			p.first = v
		}
		p.counts = p.counts && v == p.first+float64(c.row)
		p.numbers++
		p.fraction = p.fraction || v != math.Trunc(v)
		p.least, p.most = min(p.least, v), max(p.most, v)
		if p.values == nil {
			return
		}
		if p.lastRows != nil && v == p.last {
			*p.lastRows++
			return
		}
		text = strconv.FormatFloat(v, 'g', -1, 64)
	default:
		p.words++
		p.counts = false
		if strings.IndexByte(c.word(), ',') > 0 && decimalComma.MatchString(strconv.Quote(c.word())) {
			p.commas++
		}
		if p.values == nil {
			return
		}
		text = c.word()
	}
	n := p.values[text]
	if n == nil {
		if len(p.values) == MaxValues {
			p.values, p.lastRows = nil, nil
			return
		}
		n = new(int)
		p.values[strings.Clone(text)] = n
	}
	*n++
	if p.lastRows = nil; why == "" {
		p.last, p.lastRows = v, n
	}
}

// column is the profile once all rows were read.
func (p *profile) column(name string, rows int) Column {
	c := Column{Name: name, Missing: p.missing, Least: math.NaN(), Most: math.NaN(),
		Counts:        p.counts && p.numbers == rows && rows > 2,
		DecimalCommas: p.words > 0 && p.commas == p.words}
	if p.numbers > 0 {
		c.Least, c.Most = p.least, p.most
	}
	switch {
	case p.numbers+p.words == 0:
		c.Type = "empty"
	case p.numbers == 0:
		c.Type = "text"
	case p.words > 0:
		c.Type = "mixed"
	case p.fraction:
		c.Type = "number"
	default:
		c.Type = "integer"
	}
	for text, n := range p.values {
		c.Values = append(c.Values, Value{text, *n})
	}
	slices.SortFunc(c.Values, func(a, b Value) int {
		return cmp.Or(-cmp.Compare(a.Rows, b.Rows), cmp.Compare(a.Text, b.Text))
	})
	return c
}

// rowHashes are hashes of rows without their label, by which equal rows are found. A hash is a sum
// over a row's cells, in whatever order they come.
type rowHashes struct {
	of    []uint64
	label int // the column that is left out; -1: none
}

func newRowHashes(s *sheet) *rowHashes {
	h := &rowHashes{of: make([]uint64, s.rows), label: -1}
	for i, name := range s.names {
		if name == s.label || strings.EqualFold(name, "label") {
			h.label = i
		}
	}
	return h
}

func (h *rowHashes) add(c *cell) {
	if c.col == h.label {
		return
	}
	v, why := c.value()
	bits := math.Float64bits(v + 0) // of -0 too: as of 0
	switch {
	case why == missing:
		bits = 0x7ff8_0000_dead_beef
	case why != "":
		f := fnv.New64a()
		f.Write([]byte(c.word()))
		bits = f.Sum64()
	}
	h.of[c.row] += cellHash(bits, c.col)
}

func cellHash(bits uint64, col int) uint64 { return mix(bits + uint64(col+1)*0x9e3779b97f4a7c15) }

// forget takes out a column that counts the rows from first on.
func (h *rowHashes) forget(col int, first float64, rows int) {
	for i := range rows {
		h.of[i] -= cellHash(math.Float64bits(first+float64(i)+0), col)
	}
}

// mix is the finaliser of SplitMix64: each bit of its result depends on each of x.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (h *rowHashes) duplicates(rows int) int {
	all := slices.Sorted(slices.Values(h.of[:rows]))
	return rows - len(slices.Compact(all))
}

// guess finds the column that looks most like a label: by its name, or else the last or the first
// one, if it has two values of which one can mean an anomaly.
func guess(columns []Column, s *sheet) *Guess {
	var order []int
	for _, name := range append([]string{s.label}, labelNames...) {
		for i, c := range columns {
			if name != "" && strings.EqualFold(c.Name, name) {
				order = append(order, i)
			}
		}
	}
	for _, i := range order {
		if g := asLabel(&columns[i], true); g != nil {
			g.Default = columns[i].Name == s.label || s.label == "" &&
				strings.EqualFold(columns[i].Name, "label")
			return g
		}
	}
	for _, i := range []int{len(columns) - 1, 0} {
		if g := asLabel(&columns[i], false); g != nil {
			return g
		}
	}
	return nil
}

// asLabel reads a column as a label; nil: it cannot be one. Where its values do not say what is an
// anomaly, the rarest does, if the column is named like a label.
func asLabel(c *Column, named bool) *Guess {
	if len(c.Values) < 2 || c.Missing > 0 {
		return nil
	}
	g := &Guess{Column: c.Name}
	all, known := 0, true
	for _, v := range c.Values {
		anomaly, k := judge(nil, v.Text)
		known = known && k
		all += v.Rows
		if anomaly {
			g.Anomalies += v.Rows
		}
	}
	switch rarest := c.Values[len(c.Values)-1]; {
	case known && g.Anomalies > 0 && 2*g.Anomalies <= all:
		return g
	case named:
		return &Guess{Column: c.Name, Anomaly: []string{rarest.Text}, Anomalies: rarest.Rows}
	}
	return nil
}
