package source

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/table"
)

// A table is often had in another form than the one that identifies it. Such a file is rewritten as our
// CSV: features in order, numbers as their shortest decimals, label last. That text stands for the
// table, value by value, so its SHA-256 tells whether it is the right one. Known forms:
//
//	MATLAB        any level 5 file with X and y (ODDS)
//	labelled CSV  a column "label", wherever, of nominal and anomaly, or 0 and 1 (Das et al.)
//	covtype.data  UCI's 581,012 rows without a header, of which cover types 2 and 4 are kept

// rewritten finds the table that a file holds in another form, and its CSV. The set is nil if there is none.
func (f *Finder) rewritten(ctx context.Context, path string) (*Set, bench.RawFile, []byte, error) {
	limit := largest(f.sets())
	var s *Set
	var file bench.RawFile
	var text []byte
	_, err := walk(ctx, path, limit, func(r io.Reader) error {
		in := bufio.NewReaderSize(r, 1<<16)
		start, _ := in.Peek(1 << 12)
		if form, _ := table.Sniff(path, start); form == table.MAT {
			s, file, text = f.fromMAT(in, limit)
		} else {
			s, file, text = f.fromText(in)
		}
		return nil
	})
	return s, file, text, err
}

// canonical is the CSV file among a set's.
func (s *Set) canonical() (bench.RawFile, bool) {
	i := slices.IndexFunc(s.all(), func(r bench.RawFile) bool { return s.Table != nil && strings.HasSuffix(r.Name, ".csv") })
	if i < 0 {
		return bench.RawFile{}, false
	}
	return s.all()[i], true
}

func (f *Finder) fromMAT(r io.Reader, limit int64) (*Set, bench.RawFile, []byte) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, bench.RawFile{}, nil
	}
	all, err := table.ParseMAT(data, limit, "X", "y")
	if err != nil {
		return nil, bench.RawFile{}, nil
	}
	for _, s := range f.sets() {
		file, ok := s.canonical()
		if !ok {
			continue
		}
		t, err := tableOf(all, s.Table)
		if err != nil {
			continue
		}
		w := newRewriter(s.Table, file)
		for i := range t.Rows {
			for _, v := range t.Values[i*t.Cols : (i+1)*t.Cols] {
				w.cell(v)
			}
			w.end(t.Anomaly[i])
		}
		if w.right() {
			return s, file, w.text
		}
	}
	return nil, bench.RawFile{}, nil
}

func (f *Finder) fromText(r io.Reader) (*Set, bench.RawFile, []byte) {
	in := csv.NewReader(r)
	in.ReuseRecord = true
	first, err := in.Read()
	if err != nil {
		return nil, bench.RawFile{}, nil
	}
	label := slices.IndexFunc(first, func(name string) bool { return strings.EqualFold(name, "label") })
	var sets []*Set
	var out []*rewriter
	for _, s := range f.sets() {
		if file, ok := s.canonical(); ok && len(s.Table.Columns)+1 == len(first) {
			sets, out = append(sets, s), append(out, newRewriter(s.Table, file))
		}
	}
	row, keep := first, true // where there is no header, the first line is a row
	if label >= 0 {
		row, err = in.Read()
	}
	for ; len(out) > 0 && err == nil; row, err = in.Read() {
		at, anomaly := label, false
		if label < 0 {
			at = len(row) - 1
			keep = row[at] == "2" || row[at] == "4"
			anomaly = row[at] == "4"
		} else {
			switch row[at] {
			case "anomaly", "1":
				anomaly = true
			case "nominal", "0":
			default:
				return nil, bench.RawFile{}, nil
			}
		}
		if !keep {
			continue
		}
		for i, field := range row {
			if i == at {
				continue
			}
			v, why := table.ParseNumber([]byte(field))
			if why != "" {
				return nil, bench.RawFile{}, nil
			}
			for _, w := range out {
				w.cell(v)
			}
		}
		for _, w := range out {
			w.end(anomaly)
		}
	}
	if err != io.EOF {
		return nil, bench.RawFile{}, nil
	}
	for i, w := range out {
		if w.right() {
			return sets[i], w.want, w.text
		}
	}
	return nil, bench.RawFile{}, nil
}

// rewriter writes a table's CSV, until it is longer than it should be.
type rewriter struct {
	want bench.RawFile
	text []byte
}

func newRewriter(f *Format, want bench.RawFile) *rewriter {
	return &rewriter{want, []byte(strings.Join(append(slices.Clone(f.Columns), f.Label), ",") + "\n")}
}

// cell writes a number as Python's repr does, but whole numbers without ".0": the shortest decimal that
// reads back as v, with an exponent below 1e-4.
func (w *rewriter) cell(v float64) {
	if int64(len(w.text)) > w.want.Bytes {
		return
	}
	form := byte('f')
	if v != 0 && math.Abs(v) < 1e-4 {
		form = 'e'
	}
	w.text = append(strconv.AppendFloat(w.text, v, form, -1, 64), ',')
}

func (w *rewriter) end(anomaly bool) {
	label := byte('0')
	if anomaly {
		label = '1'
	}
	w.text = append(w.text, label, '\n')
}

// right says that the text is the file that it should be.
func (w *rewriter) right() bool {
	sum := sha256.Sum256(w.text)
	return hex.EncodeToString(sum[:]) == w.want.SHA256
}
