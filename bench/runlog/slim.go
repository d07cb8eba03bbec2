package runlog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
)

// slimMagic is the beginning of audits.slim: its format and version.
const slimMagic = "uaislim1"

// slimAudits is a decoded audits.slim (layout: see the package comment).
type slimAudits struct {
	rows   []int
	truth  []bool
	errs   []bool // the oracle's answer differs from the truth
	heads  []int  // lengths of the runs of audits that one head chose: base, trained, base, …
	full   bool   // Result.Full is not nil …
	beyond []int  // … and these are its positions after those in Found
}

// slimmed returns the slim form of a done cell. ok is false if the cell, scores aside, cannot be
// restored from it: it has no audits, or is not in the form that a run writes.
func slimmed(c StoredCell) (result, audits []byte, ok bool) {
	queries, err := DecodeLog(LogName, c.Log)
	if err != nil || len(queries) == 0 {
		return nil, nil, false
	}
	s, ok := slimOf(*c.Result, queries)
	if !ok {
		return nil, nil, false
	}
	rest := *c.Result
	rest.Found, rest.Full = nil, nil
	if result, err = Encode(rest); err != nil {
		return nil, nil, false
	}
	audits = s.encode()
	back, err := unslim(result, audits, "")
	if err != nil || !bytes.Equal(back.Bytes, c.Bytes) || !back.sameExceptScores(queries) {
		return nil, nil, false
	}
	return result, audits, true
}

// sameExceptScores reports whether a slim cell has these audits, ignoring their scores.
func (c StoredCell) sameExceptScores(queries []Audit) bool {
	same := func(a, b Audit) bool { a.Score, b.Score = 0, 0; return a == b }
	return slices.EqualFunc(c.slim.audits(c.Result.K), queries, same)
}

func slimOf(r Result, queries []Audit) (s slimAudits, ok bool) {
	head := bench.HeadBase.String()
	s.heads = []int{0}
	for _, q := range queries {
		if q.Row < 0 || q.Row > math.MaxUint32 {
			return s, false
		}
		s.rows, s.truth = append(s.rows, q.Row), append(s.truth, q.Truth)
		s.errs = append(s.errs, q.Label != q.Truth)
		if q.Head != head {
			head = q.Head
			s.heads = append(s.heads, 0)
		}
		s.heads[len(s.heads)-1]++
	}
	s.full = r.Full != nil
	if n := len(r.Found); s.full && (len(r.Full) < n || !slices.Equal(r.Full[:n], r.Found)) {
		return s, false
	}
	if s.full {
		s.beyond = r.Full[len(r.Found):]
	}
	return s, slices.IsSorted(s.beyond) && (len(s.beyond) == 0 || s.beyond[0] >= 0)
}

// encode returns the contents of audits.slim. It panics without audits.
func (s slimAudits) encode() []byte {
	width := 1
	for most := slices.Max(s.rows); most >= 1<<(8*width); {
		width++
	}
	var b []byte
	b = binary.AppendUvarint(b, uint64(len(s.rows)))
	b = append(b, byte(width))
	for i := range width {
		for _, row := range s.rows {
			b = append(b, byte(row>>(8*i)))
		}
	}
	b = appendBits(b, s.truth)
	b = appendBits(b, s.errs)
	b = binary.AppendUvarint(b, uint64(len(s.heads)))
	for _, n := range s.heads {
		b = binary.AppendUvarint(b, uint64(n))
	}
	if s.full {
		b = binary.AppendUvarint(b, uint64(len(s.beyond))+1)
	} else {
		b = append(b, 0)
	}
	last := 0
	for _, place := range s.beyond {
		b = binary.AppendUvarint(b, uint64(place-last))
		last = place
	}
	return sealSlim(b)
}

// sealSlim puts the magic and the SHA-256 before the body.
func sealSlim(body []byte) []byte {
	sum := sha256.Sum256(body)
	return slices.Concat([]byte(slimMagic), sum[:], body)
}

func appendBits(b []byte, bits []bool) []byte {
	at := len(b)
	b = append(b, make([]byte, (len(bits)+7)/8)...)
	for i, bit := range bits {
		if bit {
			b[at+i/8] |= 1 << (i % 8)
		}
	}
	return b
}

// decodeSlim decodes audits.slim. It accepts any data and returns an error for what is malformed.
func decodeSlim(data []byte) (*slimAudits, error) {
	head := len(slimMagic) + sha256.Size
	if len(data) < head || string(data[:len(slimMagic)]) != slimMagic {
		return nil, fmt.Errorf("it does not begin with %q: it is not a slim cell's audits, or "+
			"is of another version", slimMagic)
	}
	sum := sha256.Sum256(data[head:])
	if want := data[len(slimMagic):head]; !bytes.Equal(sum[:], want) {
		return nil, fmt.Errorf("it has changed since it was written: the SHA-256 of what follows "+
			"its header is %x, not %x", sum, want)
	}
	in := slimReader{data: data[head:]}
	n, width := in.count(), in.take(1)
	if in.bad || width[0] < 1 || width[0] > 4 {
		return nil, errors.New("it is cut off, or its rows have an unknown width")
	}
	s := &slimAudits{rows: make([]int, 0, min(n, len(in.data)))}
	planes := make([][]byte, width[0])
	for i := range planes {
		planes[i] = in.take(n)
	}
	s.truth, s.errs = in.bits(n), in.bits(n)
	total := 0
	for range in.count() {
		k := in.number()
		s.heads, total = append(s.heads, k), total+k
	}
	beyond := in.number()
	s.full = beyond > 0
	for place := 0; len(s.beyond) < beyond-1 && !in.bad; {
		place += in.number()
		s.beyond = append(s.beyond, place)
	}
	if in.bad || len(in.data) > 0 || total != n {
		return nil, fmt.Errorf("it does not hold %d audits, or has data after its end", n)
	}
	for i := range n {
		row := 0
		for k, p := range planes {
			row |= int(p[i]) << (8 * k)
		}
		s.rows = append(s.rows, row)
	}
	return s, nil
}

// slimReader takes values off the front of data; bad reports that one was missing or out of range.
type slimReader struct {
	data []byte
	bad  bool
}

func (r *slimReader) number() int {
	v, n := binary.Uvarint(r.data)
	if n <= 0 || v > math.MaxInt32 {
		r.bad = true
		return 0
	}
	r.data = r.data[n:]
	return int(v)
}

// count reads the number of items that follow, each at least one bit long.
func (r *slimReader) count() int {
	n := r.number()
	if n > 8*len(r.data) {
		r.bad = true
		return 0
	}
	return n
}

func (r *slimReader) take(n int) []byte {
	if n > len(r.data) {
		r.bad = true
		return make([]byte, n)
	}
	out := r.data[:n]
	r.data = r.data[n:]
	return out
}

func (r *slimReader) bits(n int) []bool {
	b, out := r.take((n+7)/8), make([]bool, n)
	for i := range out {
		out[i] = b[i/8]>>(i%8)&1 == 1
	}
	return out
}

// unslim rebuilds a cell from its slim files. want is the SHA-256 of the original result.json, or
// "" if unknown.
func unslim(result, audits []byte, want string) (StoredCell, error) {
	s, err := decodeSlim(audits)
	if err != nil {
		return StoredCell{}, fmt.Errorf("%s: %w", SlimAuditsName, err)
	}
	c := StoredCell{Result: &Result{}, slim: s}
	if err := decode(SlimResultName, result, c.Result); err != nil {
		return StoredCell{}, err
	}
	found := metric.CurveOf(s.truth)
	var full metric.RecallCurve
	if s.full {
		full = slices.Concat(found, s.beyond)
	}
	if want != "" {
		c.Bytes = withCurves(result, found, full)
	}
	if want == "" || FileDigest(c.Bytes) != want {
		if again, err := Encode(c.Result); err != nil || !bytes.Equal(again, result) {
			return StoredCell{}, fmt.Errorf("%s was edited: it is not in its canonical form",
				SlimResultName)
		}
	}
	if c.Result.Found, c.Result.Full = found, full; c.Bytes == nil {
		c.Bytes, err = Encode(c.Result)
	}
	return c, err
}

// withCurves returns the text of a slim result with found and full filled in.
//
// Encoding the result anew gives the same bytes, but takes three times as long as reading it.
func withCurves(result []byte, found, full metric.RecallCurve) []byte {
	const slot = "\n  \"found\": null,"
	var curves []byte
	text := func(name string, f metric.RecallCurve) {
		curves = fmt.Appendf(curves, "\n  %q: [", name)
		for i, at := range f {
			if i > 0 {
				curves = append(curves, ',')
			}
			curves = strconv.AppendInt(append(curves, "\n    "...), int64(at), 10)
		}
		if len(f) > 0 {
			curves = append(curves, "\n  "...)
		}
		curves = append(curves, "],"...)
	}
	if text("found", found); found == nil {
		curves = []byte(slot)
	}
	if len(full) > 0 {
		text("full", full)
	}
	return bytes.Replace(result, []byte(slot), curves, 1)
}

// audits returns the audits of the log, k per round, with NaN as their scores.
func (s *slimAudits) audits(k int) []Audit {
	out := make([]Audit, 0, len(s.rows))
	found, k := 0, max(k, 1)
	for run, n := range s.heads {
		head := bench.HeadBase
		if run%2 == 1 {
			head = bench.HeadTrained
		}
		for range n {
			i := len(out)
			if s.truth[i] {
				found++
			}
			out = append(out, Audit{Number: i + 1, Call: i/k + 1, Rank: i%k + 1, Row: s.rows[i],
				Score: math.NaN(), Head: head.String(), Label: s.truth[i] != s.errs[i],
				Truth: s.truth[i], Found: found})
		}
	}
	return out
}

// loadSlim reads the files of a slim done cell; a missing file is fs.ErrNotExist. The result is
// checked against its SHA-256; the log cannot be. On failure name is the file at fault.
func loadSlim(from store, folder string, s Status) (c StoredCell, name string, err error) {
	var data [2][]byte
	for i, n := range []string{SlimResultName, SlimAuditsName} {
		if data[i], err = from.read(path.Join(folder, n)); err != nil {
			return c, n, err
		}
	}
	at := from.path(folder)
	if c, err = unslim(data[0], data[1], s.Files[ResultName]); err != nil {
		return c, SlimAuditsName, fmt.Errorf("%s: %w", at, err)
	}
	if got, want := FileDigest(c.Bytes), s.Files[ResultName]; got != want {
		return c, SlimResultName, fmt.Errorf("%s: %s or %s was changed: the SHA-256 of the "+
			"result rebuilt from them is %s, not %s", at, SlimResultName, SlimAuditsName, got, want)
	}
	c.slimFiles = data
	return c, "", nil
}
