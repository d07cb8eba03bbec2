package source

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/table"
)

// A table is often available in a form other than that which identifies it. Such a file is
// converted to our CSV: features in order, numbers as their shortest decimals, label last. The
// values determine this text, so its SHA-256 identifies the table. Known forms:
//
//	MATLAB        any level 5 file with X and y (ODDS), of any real or logical class
//	labelled CSV  a column "label", anywhere, of nominal and anomaly, or 0 and 1 (Das et al.)
//	covtype.data  UCI's 581,012 rows without a header, of which cover types 2 and 4 are kept
//	KDD'99        its files with CRLF line endings

// rewriting is a raw file converted from a file in another form.
type rewriting struct {
	set  *Set
	file bench.RawFile
	text []byte
	note string // other differences; "": only the form
}

// rewritten returns the raw file that a file contains in another form; nil if there is none, with
// the difference from the nearest one in why.
func (f *Finder) rewritten(ctx context.Context,
	path string) (out *rewriting, why string, err error) {
	limit := largest(f.sets())
	_, err = walk(ctx, path, limit, func(r io.Reader) error {
		in := bufio.NewReaderSize(r, table.SniffBytes)
		head, _ := in.Peek(table.SniffBytes)
		form, odd := table.Sniff(path, head)
		switch {
		case odd != "":
			why = odd
		case form == table.MAT:
			out, why = f.fromMAT(in, limit)
		case form != table.Text:
			why = fmt.Sprintf("is an %s file of another table", form)
		case table.Delimiter(head) != ',':
			why = separated(head)
		case isKDD(head):
			out, why = f.fromKDD(in)
		default:
			out, why = f.fromText(in)
		}
		return nil
	})
	return out, why, err
}

// separated returns an error text if the field separator of text is not a comma; else "".
func separated(head []byte) string {
	by := map[byte]string{';': "semicolons", '\t': "tabs"}[table.Delimiter(head)]
	if by == "" {
		return ""
	}
	return "line 1: is separated by " + by + ", want commas"
}

// canonical returns the set's CSV file.
func (s *Set) canonical() (bench.RawFile, bool) {
	i := slices.IndexFunc(s.all(), func(r bench.RawFile) bool {
		return s.Table != nil &&
			strings.HasSuffix(r.Name, ".csv")
	})
	if i < 0 {
		return bench.RawFile{}, false
	}
	return s.all()[i], true
}

func (f *Finder) fromMAT(r io.Reader, limit int64) (*rewriting, string) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err.Error()
	}
	all, err := table.ParseMAT(data, limit, "X", "y")
	if err != nil {
		return nil, err.Error()
	}
	why := ""
	for _, s := range f.sets() {
		file, ok := s.canonical()
		if !ok {
			continue
		}
		t, err := tableOf(all, s.Table)
		if x := all["X"]; err != nil {
			switch {
			case x.Cols == len(s.Table.Columns):
				why = fmt.Sprintf("%v (as %s needs)", err, s.Title)
			case x.Cols == 0: // there is no X
				why = err.Error()
			}
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
			return &rewriting{set: s, file: file, text: w.text}, ""
		}
		why = "has the shape of " + s.Title + ", but other values"
	}
	if x := all["X"]; why == "" {
		why = fmt.Sprintf("X is %d x %d: no known table has %d columns", x.Rows, x.Cols, x.Cols)
	}
	return nil, why
}

// isKDD reports whether text begins like the files of KDD'99: with a record, not a header.
func isKDD(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte{'\n'})
	return bytes.Count(line, []byte{','}) == len(ConnectionColumns) &&
		bytes.HasSuffix(bytes.TrimSpace(line), []byte{'.'})
}

// fromKDD removes carriage returns.
func (f *Finder) fromKDD(r io.Reader) (*rewriting, string) {
	var text bytes.Buffer
	crlf := false
	in := bufio.NewReader(r)
	for {
		line, err := in.ReadSlice('\n')
		if cut, ok := bytes.CutSuffix(line, []byte("\r\n")); ok {
			crlf = true
			text.Write(cut)
			text.WriteByte('\n')
		} else {
			text.Write(line)
		}
		if err == io.EOF {
			break
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err.Error()
		}
	}
	sum := sha256.Sum256(text.Bytes())
	if s, file, ok := recognise(f.sets(), hex.EncodeToString(sum[:])); ok {
		return &rewriting{s, file, text.Bytes(), "its lines ended in CRLF"}, ""
	}
	why := "has records of KDD'99, but not those of its 10% file or its corrected test file"
	if crlf {
		why += "; its lines end in CRLF"
	}
	return nil, why
}

// rewriter builds a table's CSV. It stops once that is longer than the wanted file.
type rewriter struct {
	want bench.RawFile
	text []byte
}

func newRewriter(f *Format, want bench.RawFile) *rewriter {
	return &rewriter{want, []byte(strings.Join(append(slices.Clone(f.Columns), f.Label), ",") +
		"\n")}
}

// cell appends a number as Python's repr does, but integers without ".0": the shortest decimal that
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

// right reports whether the text is the wanted file.
func (w *rewriter) right() bool {
	sum := sha256.Sum256(w.text)
	return hex.EncodeToString(sum[:]) == w.want.SHA256
}
