package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/plot"
)

// unpack is the inverse of pack.
func unpack(t *testing.T, s string) []byte {
	t.Helper()
	r, err := gzip.NewReader(base64.NewDecoder(base64.RawURLEncoding, strings.NewReader(s)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// unpackAudits is written independently from the description of the format; the browser test checks
// the page's own script.
func unpackAudits(t *testing.T, packed string, n, width int, heads []string) []runlog.Audit {
	t.Helper()
	b := unpack(t, packed)
	if want := n * (4*4 + width + 2); len(b) != want {
		t.Fatalf("%d bytes of %d audits, want %d", len(b), n, want)
	}
	take := func(w int) []uint64 {
		out := make([]uint64, n)
		for k := range w {
			for i := range out {
				out[i] |= uint64(b[k*n+i]) << (8 * k)
			}
		}
		b = b[w*n:]
		return out
	}
	sum := func(d []uint64) []int {
		out, last := make([]int, n), uint32(0)
		for i := range d {
			last += uint32(d[i])
			out[i] = int(last)
		}
		return out
	}
	audit, call, found, row, score, head, answer := sum(take(4)), sum(take(4)), sum(take(4)), take(4), take(width), take(1), take(1)
	var out []runlog.Audit
	for i := range n {
		q := runlog.Audit{Number: audit[i], Call: call[i], Found: found[i], Row: int(row[i]), Head: heads[head[i]], Label: answer[i]&1 != 0, Truth: answer[i]&2 != 0}
		if q.Score = math.Float64frombits(score[i]); width == 4 {
			q.Score = float64(math.Float32frombits(uint32(score[i])))
		}
		out = append(out, q)
	}
	return out
}

func TestAuditsArePackedWhole(t *testing.T) {
	odd := []runlog.Audit{ // odd values, as in a damaged log, round-trip
		{Number: 3, Call: 2, Row: 70000, Score: -0.1, Head: "x", Label: true, Found: 5},
		{Number: 2, Call: 2, Row: 0, Score: math.Inf(1), Head: "y", Truth: true, Found: 4},
		{Number: 9, Call: 1 << 20, Row: 1 << 30, Score: 1e-300, Head: "x", Label: true, Truth: true, Found: 6},
	}
	var plain []runlog.Audit
	for i := range 700 {
		plain = append(plain, runlog.Audit{Number: i + 1, Call: i/10 + 1, Row: i * 7919 % 60000, Score: float64(float32(3) / float32(i+1)), Head: "base", Found: i / 3, Label: i%3 == 0, Truth: i%3 == 0})
	}
	for name, c := range map[string]struct {
		queries []runlog.Audit
		width   int
	}{"odd": {odd, 8}, "plain": {plain, 4}} {
		columns, err := columnsOf(c.queries, 1e6)
		if err != nil {
			t.Fatal(err)
		}
		if columns.width() != c.width {
			t.Errorf("%s: a score has %d bytes, want %d", name, columns.width(), c.width)
		}
		for _, n := range []int{1, len(c.queries)} {
			if got := unpackAudits(t, columns.pack(n), n, c.width, columns.Heads); !slices.Equal(got, c.queries[:n]) {
				t.Errorf("%s: %d audits come back as %v", name, n, got)
			}
		}
	}
	var many []runlog.Audit
	for i := range 257 {
		many = append(many, runlog.Audit{Number: i + 1, Head: strings.Repeat("h", i)})
	}
	if _, err := columnsOf(many, 1e6); err == nil || !strings.Contains(err.Error(), "audit 257") {
		t.Errorf("257 heads: %v", err)
	}
}

func TestAuditsFit(t *testing.T) {
	var cells []*auditColumns
	for k := range 3 {
		q, _ := fake.Audits(runlog.CellRecord{Result: &runlog.Result{Rows: 54679, Audited: 400 + k, Found: metric.RecallCurve{3, 100}}})
		c, err := columnsOf(q, 1e6)
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, c)
	}
	all, most := fitAudits(cells, 1<<20)
	if most != -1 {
		t.Errorf("cut after %d where there is room", most)
	}
	total := 0
	for _, s := range all {
		total += len(s)
	}
	if _, most := fitAudits(cells, total); most != -1 {
		t.Errorf("cut after %d where they just fit", most)
	}
	packed, most := fitAudits(cells, total/2)
	size := 0
	for i, s := range packed {
		size += len(s)
		if got := unpackAudits(t, s, most, cells[i].width(), cells[i].Heads); len(got) != most {
			t.Errorf("cell %d has %d audits, not %d", i, len(got), most)
		}
	}
	if size > total/2 || size < total/4 || most < 100 || most > 300 {
		t.Errorf("%d audits of each in %d bytes, where %d fit", most, size, total/2)
	}
	if packed, most = fitAudits(cells, -5); most != 0 || strings.Join(packed, "") != "" {
		t.Errorf("without room %d audits remain: %q", most, packed)
	}
}

// TestCurvesArePacked: unpacked curves equal the originals at every step.
func TestCurvesArePacked(t *testing.T) {
	want := []plot.Steps{model.NewCurve([]*runlog.Result{
		{Rows: 1000, Audited: 900, Found: metric.RecallCurve{1, 4, 300, 301, 899}}, {Rows: 1000, Audited: 900, Found: metric.RecallCurve{2, 4, 5}},
	}).Steps, {}, model.NewCurve([]*runlog.Result{{Rows: 100000, Audited: 70000, Found: metric.RecallCurve{65000, 69999}}}).Steps}
	r := bytes.NewReader(unpack(t, packCurves(want)))
	for i, w := range want {
		var columns [4][]float64
		for k := range columns {
			last := uint64(0)
			for range w.At {
				d, err := binary.ReadUvarint(r)
				if err != nil {
					t.Fatal(err)
				}
				last += d
				x := float64(last)
				if k > 0 {
					x /= 2
				}
				columns[k] = append(columns[k], x)
			}
		}
		for j, at := range w.At {
			if columns[0][j] != float64(at) {
				t.Errorf("curve %d, step %d: at %v, want %d", i, j, columns[0][j], at)
			}
		}
		if !slices.Equal(columns[1], w.Median) || !slices.Equal(columns[2], w.Min) || !slices.Equal(columns[3], w.Max) {
			t.Errorf("curve %d: %v, want %v", i, columns[1:], w)
		}
	}
	if r.Len() > 0 {
		t.Errorf("%d bytes more", r.Len())
	}
}
