package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/text"
)

// Audits and curves are stored in the page as columns of bytes, gzipped, in base64 (RFC 4648 with -
// and _, unpadded). The page's script decompresses them on demand with the browser's
// DecompressionStream.

func pack(data []byte) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(data) // a bytes.Buffer never fails
	w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// auditColumns are a cell's first audits, by column.
type auditColumns struct {
	Total  int // audits of the log
	audit  []uint32
	call   []uint32
	row    []uint32
	score  []float64
	head   []byte // index into Heads
	answer []byte // bits: 1: the oracle's label is anomaly; 2: the truth is
	found  []uint32
	Heads  []string
}

// columnsOf returns the columns of the first most queries. It fails if they have more than 256
// heads.
func columnsOf(queries []runlog.Audit, most int) (*auditColumns, error) {
	c := &auditColumns{Total: len(queries)}
	for _, q := range queries[:min(len(queries), most)] {
		c.audit = append(c.audit, uint32(q.Number))
		c.call = append(c.call, uint32(q.Call))
		c.row = append(c.row, uint32(q.Row))
		c.found = append(c.found, uint32(q.Found))
		c.score = append(c.score, q.Score)
		name := text.Clean(q.Head)
		h := slices.Index(c.Heads, name)
		if h < 0 {
			if h = len(c.Heads); h > math.MaxUint8 {
				return nil, fmt.Errorf("audit %d: more than %d heads, so this is not an audit log",
					q.Number, h)
			}
			c.Heads = append(c.Heads, name)
		}
		c.head = append(c.head, byte(h))
		a := byte(0)
		if q.Label {
			a |= 1
		}
		if q.Truth {
			a |= 2
		}
		c.answer = append(c.answer, a)
	}
	return c, nil
}

// width is the size of a score in bytes: 4 if all are exact as float32, else 8.
func (c *auditColumns) width() int {
	for _, s := range c.score {
		if float64(float32(s)) != s && !math.IsNaN(s) { // a slim cell has no scores
			return 8
		}
	}
	return 4
}

// pack packs the first n audits: audit, call and found as differences, row, score, head, answer.
// Each column is split into byte planes, the lowest byte of all numbers first, which compress
// better.
func (c *auditColumns) pack(n int) string {
	var out []byte
	planes := func(width int, at func(i int) uint64) {
		for b := range width {
			for i := range n {
				out = append(out, byte(at(i)>>(8*b)))
			}
		}
	}
	difference := func(xs []uint32) func(int) uint64 {
		return func(i int) uint64 {
			if i == 0 {
				return uint64(xs[0])
			}
			return uint64(xs[i] - xs[i-1])
		}
	}
	planes(4, difference(c.audit))
	planes(4, difference(c.call))
	planes(4, difference(c.found))
	planes(4, func(i int) uint64 { return uint64(c.row[i]) })
	if w := c.width(); w == 4 {
		planes(w, func(i int) uint64 { return uint64(math.Float32bits(float32(c.score[i]))) })
	} else {
		planes(w, func(i int) uint64 { return math.Float64bits(c.score[i]) })
	}
	planes(1, func(i int) uint64 { return uint64(c.head[i]) })
	planes(1, func(i int) uint64 { return uint64(c.answer[i]) })
	return pack(out)
}

// fitAudits packs the first audits of all cells, the same number of each, so that together they
// take no more than the given number of bytes. It returns that number of audits, or -1 if no audit
// is left out.
func fitAudits(cells []*auditColumns, bytes int) (packed []string, most int) {
	longest := 0
	for _, c := range cells {
		longest = max(longest, len(c.audit))
	}
	for most = longest; ; {
		total := 0
		packed = packed[:0]
		for _, c := range cells {
			s := ""
			if n := min(most, len(c.audit)); n > 0 {
				s = c.pack(n)
			}
			packed = append(packed, s)
			total += len(s)
		}
		if total <= bytes {
			break
		}
		if most == 0 {
			break
		}
		// Shrink by less than the exact share, so that the loop ends soon.
		most = int(float64(most) * min(0.97*float64(max(bytes, 0))/float64(total), 0.97))
	}
	for _, c := range cells {
		if c.Total > most {
			return packed, most
		}
	}
	return packed, -1
}

// packCurves packs the steps of several curves: for each its budgets, then twice the medians,
// minima and maxima, all as varints of differences.
func packCurves(curves []plot.Steps) string {
	var out []byte
	for _, c := range curves {
		last := 0
		for _, j := range c.At {
			out = binary.AppendUvarint(out, uint64(j-last))
			last = j
		}
		for _, column := range [][]float64{c.Median, c.Min, c.Max} {
			last := 0
			for _, x := range column {
				twice := int(math.Round(2 * x)) // a median of counts may be a half
				out = binary.AppendUvarint(out, uint64(twice-last))
				last = twice
			}
		}
	}
	return pack(out)
}
