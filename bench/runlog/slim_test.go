package runlog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"
)

// longResult returns a result with these numbers of rows and audits, an oracle that errs, both
// heads and, if static is set, a ranking past its budget.
func longResult(r *rapid.T, rows, audits int, static bool) (Result, []Audit) {
	c := testPlan(1).Cells[0].Cell
	order := rapid.Permutation(seq(rows)).Draw(r, "order")
	anomaly := rapid.SliceOfN(rapid.Bool(), rows, rows).Draw(r, "anomaly")
	res := Result{ID: c.ID(), Cell: c, Format: FormatVersion, Rows: rows, Features: 2, K: 7}
	var truth []bool
	var queries []Audit
	found := 0
	for i, row := range order[:audits] {
		truth = append(truth, anomaly[row])
		if anomaly[row] {
			found++
		}
		head := rapid.SampledFrom([]string{"base", "trained"}).Draw(r, "head")
		queries = append(queries, Audit{Number: i + 1, Call: i/7 + 1, Rank: i%7 + 1, Row: row,
			Score: -float64(i), Head: head, Truth: anomaly[row],
			Label: anomaly[row] != rapid.Bool().Draw(r, "errs"), Found: found})
	}
	res.Measure(truth, rows, audits)
	if static {
		res.Full = []int{}
		for i, row := range order {
			if anomaly[row] {
				res.Full = append(res.Full, i+1)
			}
		}
	}
	return res, queries
}

func seq(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// stored is a cell as a run stores it.
func stored(t rapid.TB, r Result, queries []Audit) StoredCell {
	t.Helper()
	data, err1 := Encode(r)
	log, err2 := EncodeLog(queries)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	return StoredCell{Result: &r, Bytes: data, Log: log}
}

// A slim cell is the original but for its scores: the same result to the byte, the same audits.
func TestSlimIsTheCell(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rows := rapid.SampledFrom([]int{1, 2, 9, 255, 256, 257, 700}).Draw(r, "rows")
		res, queries := longResult(r, rows, rapid.IntRange(1, rows).Draw(r, "audits"),
			rapid.Bool().Draw(r, "static"))
		c := stored(r, res, queries)
		result, audits, ok := slimmed(c)
		if !ok {
			r.Fatal("it stays whole")
		}
		back, err := unslim(result, audits, "")
		if err != nil {
			r.Fatal(err)
		}
		got, err := back.Audits("")
		same := cmpopts.IgnoreFields(Audit{}, "Score")
		if err != nil || !bytes.Equal(back.Bytes, c.Bytes) || cmp.Diff(queries, got, same) != "" {
			r.Error(err, cmp.Diff(queries, got, same))
		}
		if !math.IsNaN(got[0].Score) {
			r.Error("a slim cell has a score")
		}
		// With the digest known nothing is encoded anew, and the text is the same.
		if text := withCurves(result, c.Result.Found, c.Result.Full); !bytes.Equal(text, c.Bytes) {
			r.Errorf("%s, want %s", text, c.Bytes)
		}
		known, err := unslim(result, audits, FileDigest(c.Bytes))
		if err != nil || !bytes.Equal(known.Bytes, c.Bytes) || cmp.Diff(known.Result, back.Result) != "" {
			r.Error(err, cmp.Diff(known.Result, back.Result))
		}
	})
}

// A cell that could not be restored is not made slim: no audits, an unknown head, a row out of
// range, numbers that do not follow from the audits, and a ranking that does not begin with the
// audits' curve.
func TestSlimOfOddCells(t *testing.T) {
	base, queries := testResult(testPlan(1).Cells[0].Cell)
	if _, _, ok := slimmed(stored(t, base, queries)); !ok {
		t.Fatal("a plain cell stays whole")
	}
	for what, change := range map[string]func(r *Result, q []Audit) []Audit{
		"no audits":      func(_ *Result, q []Audit) []Audit { return nil },
		"unknown head":   func(_ *Result, q []Audit) []Audit { q[1].Head = "other"; return q },
		"huge row":       func(_ *Result, q []Audit) []Audit { q[1].Row = 1 << 40; return q },
		"negative row":   func(_ *Result, q []Audit) []Audit { q[1].Row = -1; return q },
		"other round":    func(_ *Result, q []Audit) []Audit { q[2].Call = 2; return q },
		"other count":    func(_ *Result, q []Audit) []Audit { q[2].Found = 2; return q },
		"other curve":    func(r *Result, q []Audit) []Audit { r.Found = []int{3}; return q },
		"other ranking":  func(r *Result, q []Audit) []Audit { r.Full = []int{1, 2}; return q },
		"falling places": func(r *Result, q []Audit) []Audit { r.Full = []int{2, 5, 4}; return q },
	} {
		r, q := base, slices.Clone(queries)
		q = change(&r, q)
		if _, _, ok := slimmed(stored(t, r, q)); ok {
			t.Errorf("%s: made slim", what)
		}
	}
}

// The layout of audits.slim is that of the package comment.
func TestSlimLayout(t *testing.T) {
	r, queries := testResult(testPlan(1).Cells[0].Cell)
	queries[2].Head, queries[2].Label = "trained", true
	r.Full = []int{2, 5}
	_, audits, ok := slimmed(stored(t, r, queries))
	if !ok {
		t.Fatal("it stays whole")
	}
	want := []byte{3, 1, 3, 1, 0, 0b010, 0b100, 2, 2, 1, 2, 5}
	if got := audits[8+32:]; !bytes.Equal(got, want) || string(audits[:8]) != "uaislim1" {
		t.Errorf("%v, want %v", got, want)
	}
}

// Bytes that are no audits.slim are refused, and a number larger than the data takes no memory.
func TestDecodeSlimOfRandomBytes(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(r, "body")
		body = append(binary.AppendUvarint(nil, rapid.Uint64().Draw(r, "n")), body...)
		s, err := decodeSlim(sealSlim(body))
		if err == nil && (len(s.rows) != len(s.truth) || len(s.audits(3)) != len(s.rows)) {
			r.Error("half an audit")
		}
	})
}

func slimPack(t *testing.T, root string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "slim"+PackSuffix)
	if _, err := PackSlim(root, file); err != nil {
		t.Fatal(err)
	}
	return file
}

// A slim pack reads like the run; packed slim again, from the directory, the full pack or itself,
// it has the same bytes; tar unpacks it to a run directory, and its cells can be imported.
func TestSlimPackIsTheRun(t *testing.T) {
	dir := someRun(t)
	want, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	file := slimPack(t, dir)
	got, err := Read(file)
	if err != nil {
		t.Fatal(err)
	}
	same := cmp.Options{cmpopts.IgnoreFields(Run{}, "Path", "NotInPlan"),
		cmpopts.IgnoreUnexported(Run{})}
	if diff := cmp.Diff(want, got, same); diff != "" || got.Digest() != want.Digest() {
		t.Error(diff)
	}
	for what, root := range map[string]string{"whole pack": packed(t, dir), "itself": file} {
		if !bytes.Equal(bytesOf(t, slimPack(t, root)), bytesOf(t, file)) {
			t.Errorf("a slim pack of the %s has other bytes", what)
		}
	}
	if !bytes.Equal(bytesOf(t, packed(t, file)), bytesOf(t, file)) {
		t.Error("a pack of a slim pack is not the slim pack")
	}
	out := untarred(t, file)
	w := open(t, out, testPlan(4))
	if len(w.Damaged) != 0 || w.Digest() != want.Digest() {
		t.Error("what tar makes of a slim pack is no run directory")
	}
	w.Close()
	other := t.TempDir()
	w = open(t, other, testPlan(4))
	for _, c := range testPlan(4).Cells[:1] {
		if ok, err := w.ImportCell(c.ID, got); !ok || err != nil {
			t.Fatal(ok, err)
		}
	}
	w.Close()
	again, err := Read(other)
	if err != nil {
		t.Fatal(err)
	}
	q, err := again.Cells[0].Audits(again)
	if err != nil || len(q) != 3 || again.Cells[0].Status.Digest != want.Cells[0].Status.Digest {
		t.Error(q, err)
	}
}

func untarred(t *testing.T, file string) string {
	t.Helper()
	p, err := openPack(file)
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "out")
	for name, data := range p.files {
		if err := os.MkdirAll(filepath.Join(out, path.Dir(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// A change of any byte of a slim cell is found, and its file named. Each damaged cell is read
// twice, a moment apart, so the bytes are divided over sixteen copies of the run, read in parallel.
func TestSlimDamage(t *testing.T) {
	const copies = 16
	pack := slimPack(t, someRun(t))
	var g errgroup.Group
	for n := range copies {
		dir := untarred(t, pack)
		g.Go(func() error {
			for _, name := range []string{SlimResultName, SlimAuditsName} {
				file := filepath.Join(cellDir(dir, testPlan(4).Cells[0].ID), name)
				whole, err := os.ReadFile(file)
				if err != nil {
					return err
				}
				for i := n; i < len(whole); i += copies {
					data := slices.Clone(whole)
					data[i] ^= 1
					if err := os.WriteFile(file, data, 0o644); err != nil {
						return err
					}
					if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), ".slim") {
						return fmt.Errorf("%s: byte %d: %v", name, i, err)
					}
				}
				if err := os.WriteFile(file, whole[:len(whole)/2], 0o644); err != nil {
					return err
				}
				if _, err := Read(dir); err == nil {
					return fmt.Errorf("half of %s is read", name)
				}
				if err := os.WriteFile(file, whole, 0o644); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	dir := untarred(t, pack)
	if err := os.Remove(filepath.Join(cellDir(dir, testPlan(4).Cells[0].ID), SlimAuditsName)); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir); err == nil || !strings.Contains(err.Error(), "audits.slim is missing") {
		t.Error(err)
	}
}
