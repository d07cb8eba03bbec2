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

// Description describes a file's content, independent of its use.
type Description struct {
	Path    string
	Form    Form
	SHA256  string // of the content, decompressed
	Bytes   int64  // of the content
	Header  bool   // the file names its columns
	Rows    int
	Columns []Column
	// Duplicates counts the rows that equal an earlier one in every column but the label and the
	// row counters (see Column.Counts).
	Duplicates int
	Problems   []Problem // with rows and columns that cannot be read; the first few
	Label      *Guess    // nil: no column looks like a label
}

// Column describes a column's content.
type Column struct {
	Name    string
	Type    string // "integer", "number", "text", "mixed" (numbers and text) or "empty"
	Missing int    // fields without a value
	// Values are the distinct values and their row counts, the most frequent first; nil if there
	// are more than MaxValues.
	Values      []Value
	Least, Most float64 // of the numbers; NaN if there are none
	// Counts reports whether the column counts the rows upwards by one: a row number, not a
	// measurement.
	Counts bool
	// DecimalCommas reports whether all its text is numbers with a decimal comma, such as 2,5,
	// which Read does not accept.
	DecimalCommas bool
}

// MaxValues is the largest number of values that Column.Values lists.
const MaxValues = 50

// Constant reports whether every row has the same value.
func (c *Column) Constant() bool { return len(c.Values) == 1 && c.Missing == 0 }

// Value is a value and its number of rows.
type Value struct {
	Text string
	Rows int
}

// Guess is a column that is probably the label.
type Guess struct {
	Column    string
	Default   bool     // Options.Label may be left empty
	Anomaly   []string // for Options.Anomaly; nil: leave it empty
	Anomalies int
}

// Describe reads any file that Read can read, without options. Problems with single rows and
// columns are in the description. The error is an *Error if the file cannot be read at all, or the
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
				Why: holdsCommas(p.comma, ", such as "+p.comma)})
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

// profile is a column's statistics so far.
type profile struct {
	numbers, words, missing int
	commas                  int    // words that are numbers with commas
	comma                   string // the first of them, quoted
	fraction                bool
	least, most             float64
	values                  map[string]*int // row count of each value; nil: too many values
	last                    float64         // the previous cell's number, and its row count
	lastRows                *int
	first                   float64 // the first number
	counts                  bool
}

// add counts a cell.
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
		if w := strconv.Quote(c.word()); strings.IndexByte(w, ',') > 0 &&
			(decimalComma.MatchString(w) || thousands.MatchString(w)) {
			p.comma = cmp.Or(p.comma, w)
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

// column returns the column's description. Call it once all rows are read.
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

// rowHashes are hashes of rows without the label, to find equal rows. A row's hash is the sum of
// its cells' hashes, so cells may come in any order.
type rowHashes struct {
	of    []uint64
	label int // column left out; -1: none
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
	bits := math.Float64bits(v + 0) // -0 hashes as 0
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

// forget removes the hashes of a column that counts the rows up from first.
func (h *rowHashes) forget(col int, first float64, rows int) {
	for i := range rows {
		h.of[i] -= cellHash(math.Float64bits(first+float64(i)+0), col)
	}
}

// mix is SplitMix64's finaliser: each bit of the result depends on each bit of x.
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

func (h *rowHashes) duplicates(rows int) int {
	all := slices.Sorted(slices.Values(h.of[:rows]))
	return rows - len(slices.Compact(all))
}

// guess returns the most probable label: first by name, then the last or the first column if it has
// recognised label values; nil if there is none.
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

// asLabel reads a column as a label; nil if it cannot be one. If its values are not all known label
// values with a minority of anomalies, the anomalies are all values besides the one that is called
// normal, if they are the minority, or else the rarest value of a column that is named like a label.
func asLabel(c *Column, named bool) *Guess {
	if len(c.Values) < 2 || c.Missing > 0 {
		return nil
	}
	g := &Guess{Column: c.Name}
	all, known := 0, true
	others := &Guess{Column: c.Name}
	for _, v := range c.Values {
		anomaly, k := judge(nil, v.Text)
		known = known && k
		all += v.Rows
		if anomaly {
			g.Anomalies += v.Rows
		}
		if !among(calledNormal, strings.TrimRight(v.Text, ".")) {
			others.Anomaly = append(others.Anomaly, v.Text)
			others.Anomalies += v.Rows
		}
	}
	switch rarest := c.Values[len(c.Values)-1]; {
	case known && g.Anomalies > 0 && 2*g.Anomalies <= all:
		return g
	case len(others.Anomaly) == len(c.Values)-1 && 2*others.Anomalies <= all:
		return others
	case named:
		return &Guess{Column: c.Name, Anomaly: []string{rarest.Text}, Anomalies: rarest.Rows}
	}
	return nil
}

// calledNormal are names of the normal class in tables whose label names kinds of anomalies;
// KDDCUP's end in a full stop.
var calledNormal = []string{"normal", "nominal", "benign"}
