package ensemble

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"golang.org/x/sys/cpu"
)

// TestWorkersChangeNothing: the number of workers changes no audit and no bit of a score.
func TestWorkersChangeNothing(t *testing.T) {
	d, truth := clusters(1100, 6, 1)
	type run struct {
		l bench.Labels
		s []float64
	}
	want := map[string]run{}
	for _, workers := range []int{1, 2, 7, 0} {
		for name, m := range learners(workers) {
			l, s := audit(t, m, d, truth, 40, 4)
			if workers == 1 {
				want[name] = run{l, s}
			} else if w := want[name]; !slices.Equal(l.Index, w.l.Index) || !slices.Equal(s, w.s) {
				t.Errorf("%s: %d workers give another result than one", name, workers)
			}
		}
	}
}

// TestSameChangesNothing: knowing which rows are identical saves work and changes no bit.
func TestSameChangesNothing(t *testing.T) {
	d, truth := clusters(1100, 6, 1)
	rng := bench.NewStream(2, "copies").Rand()
	same := make([]int32, 1100)
	for i := range same {
		same[i] = int32(i)
		if i > 0 && rng.IntN(2) == 0 {
			from := same[rng.IntN(i)]
			copy(d.X.Row(i), d.X.Row(int(from)))
			truth[i] = truth[from]
			same[i] = from
		}
	}
	known := d
	known.Same = same
	plain, quick := learners(1), learners(1)
	for name := range plain {
		l, s := audit(t, plain[name], d, truth, 40, 4)
		l2, s2 := audit(t, quick[name], known, truth, 40, 4)
		if !slices.Equal(l.Index, l2.Index) || !slices.Equal(s, s2) {
			t.Errorf("%s: knowing identical rows changes the result", name)
		}
		if a, ok := quick[name].(*AAD); ok {
			if len(a.pool.list) > 700 {
				t.Errorf("%s: %d of 1,100 rows are scored", name, len(a.pool.list))
			}
		}
		// Rows of other data, some of them repeated.
		rows := []int{5, 1099, 5, 0, 700, 701, 702}
		a, b := make([]float64, len(rows)), make([]float64, len(rows))
		other := func(d bench.Data) bench.Data { d.X.Data = slices.Clone(d.X.Data); return d }
		plain[name].Scores(context.Background(), a, other(d), rows, bench.HeadTrained)
		quick[name].Scores(context.Background(), b, other(known), rows, bench.HeadTrained)
		for i, r := range rows {
			if a[i] != b[i] || a[i] != s[r] {
				t.Errorf("%s: row %d of a copy scores %v and %v, in the pool %v", name, r, a[i],
					b[i], s[r])
			}
		}
	}
}

// TestSubsetsScoreAlike: any subset of the pool, in any order, has the same scores.
func TestSubsetsScoreAlike(t *testing.T) {
	d, truth := clusters(600, 6, 1)
	for name, m := range learners(2) {
		_, s := audit(t, m, d, truth, 20, 4)
		rows := bench.NewStream(1, "rows").Rand().Perm(600)[:333]
		got := make([]float64, len(rows))
		if _, err := m.Scores(context.Background(), got, d, rows, bench.HeadTrained); err != nil {
			t.Fatal(err)
		}
		for i, r := range rows {
			if got[i] != s[r] {
				t.Fatalf("%s: row %d scores %v, in the whole pool %v", name, r, got[i], s[r])
			}
		}
	}
}

// golden are digests of audits and scores; they change only with a method's version.
var golden = map[string]string{
	"iforest":             "ef695f4fef4d78be",
	"iforest, deep":       "123e04848ac3595c",
	"loda":                "e50c99a2c57ddfac",
	"tree_aad":            "0c61c54ab321842e",
	"tree_aad, deep":      "86bdd120204ca01b",
	"tree_aad, nodes":     "863eb11e78468dd6",
	"tree_aad, exact":     "ff35fda61d287147",
	"tree_aad, batches":   "343f7ecf7e404bd2",
	"loda_aad":            "5814ea4456a944bf",
	"loda_aad, exact":     "22b03058f9e5d083",
	"loda_aad, unit rows": "3d43124b2dcbd2b4",
}

func digests(t *testing.T) map[string]string {
	d, truth := clusters(900, 6, 3)
	out := map[string]string{}
	for name, m := range learners(2) {
		l, s := audit(t, m, d, truth, 60, 4)
		h := sha256.New()
		for _, i := range l.Index {
			binary.Write(h, binary.LittleEndian, int64(i))
		}
		for _, v := range s {
			binary.Write(h, binary.LittleEndian, math.Float64bits(v))
		}
		out[name] = hex.EncodeToString(h.Sum(nil))[:16]
	}
	return out
}

func TestGoldenDigests(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("the goldens are amd64's")
	}
	for name, got := range digests(t) {
		if got != golden[name] {
			t.Errorf("%q: %q", name, got)
		}
	}
}

// level returns the GOAMD64 level of this build.
func level() string {
	info, _ := debug.ReadBuildInfo()
	for _, s := range info.Settings {
		if s.Key == "GOAMD64" {
			return s.Value
		}
	}
	return ""
}

// TestLevels: the goldens hold for builds of any level of amd64 (v3 has fused multiply-adds, which
// the compiler may use where it is allowed to).
func TestLevels(t *testing.T) {
	if testing.Short() || runtime.GOARCH != "amd64" {
		t.Skip("builds this test again")
	}
	var levels []string
	if level() != "v1" {
		levels = append(levels, "v1")
	}
	if level() != "v3" && cpu.X86.HasAVX2 && cpu.X86.HasBMI2 && cpu.X86.HasFMA {
		levels = append(levels, "v3")
	}
	for _, level := range levels {
		c := exec.Command("go", "test", "-vet=off", "-count=1", "-run", "^TestGoldenDigests$", "-v", ".")
		c.Env = append(os.Environ(), "GOAMD64="+level)
		if out, err := c.CombinedOutput(); err != nil ||
			!strings.Contains(string(out), "--- PASS: TestGoldenDigests") {
			t.Errorf("GOAMD64=%s: %v\n%s", level, err, out)
		}
	}
}

// TestBadInput: with constant columns, equal rows, one row, fewer rows than the subsample, and
// extreme values, all scores are finite and every row can be audited. (NaN and infinities are
// rejected when data is loaded.)
func TestBadInput(t *testing.T) {
	pools := map[string]bench.Matrix{}
	add := func(name string, rows, cols int, at func(i, j int) float32) {
		x := bench.NewMatrix(rows, cols)
		for i := range rows {
			for j := range cols {
				x.Data[i*cols+j] = at(i, j)
			}
		}
		pools[name] = x
	}
	add("one row", 1, 3, func(i, j int) float32 { return float32(j) })
	add("two rows", 2, 1, func(i, j int) float32 { return float32(i) })
	add("equal rows", 50, 4, func(i, j int) float32 { return 7 })
	add("zeros", 50, 4, func(i, j int) float32 { return 0 })
	add("one column", 60, 1, func(i, j int) float32 { return float32(i * i) })
	add("constant columns", 40, 5,
		func(i, j int) float32 { return float32((i * (j % 2) * 37) % 11) })
	add("few rows", 20, 6, func(i, j int) float32 { return float32((i*7+j*i*3)%13) / 13 })
	add("extreme", 40, 3, func(i, j int) float32 {
		return []float32{-math.MaxFloat32, math.MaxFloat32, 1e-45, 0}[(i+j*i)%4]
	})
	for name, x := range pools {
		truth := make([]bool, x.Rows)
		for i := range truth {
			truth[i] = i%3 == 0
		}
		for kind, m := range learners(1) {
			l, s := audit(t, m, bench.Data{X: x}, truth, x.Rows, 3)
			if l.Len() != x.Rows {
				t.Errorf("%s, %s: %d audits", name, kind, l.Len())
			}
			for i, v := range s {
				if math.IsNaN(v) || math.IsInf(v, 0) {
					t.Fatalf("%s, %s: row %d scores %v", name, kind, i, v)
				}
			}
		}
	}
}

func TestOtherWidthPanics(t *testing.T) {
	d, _ := clusters(100, 4, 1)
	other, _ := clusters(100, 5, 1)
	m := NewIForest(ForestSettings{})
	fitScore(t, m, d)
	defer func() {
		if r := recover(); r == nil || !strings.HasPrefix(r.(string), "ensemble: ") {
			t.Errorf("recovered %v", r)
		}
	}()
	m.Scores(context.Background(), make([]float64, 100), other, nil, bench.HeadBase)
}

// TestCancel: a long fit or round ends soon after its context is cancelled.
func TestCancel(t *testing.T) {
	d, truth := clusters(300, 4, 1)
	for name, m := range learners(2) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := m.Train(ctx, d, bench.Labels{}); err == nil {
			t.Errorf("%s: a cancelled fit has no error", name)
		}
	}
	for name, m := range learners(2) {
		a, ok := m.(*AAD)
		if !ok {
			continue
		}
		audit(t, a, d, truth, 12, 4)
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		l := bench.Labels{Index: []int{1, 2, 3}, Anomaly: []bool{true, false, true}}
		a.known = 0
		if err := a.learn(ctx, l); err == nil {
			t.Errorf("%s: a cancelled round has no error", name)
		}
	}
}

// TestHotLoopsAllocateNothing: encoding rows, rescoring the pool and learning do not allocate once
// warm.
func TestHotLoopsAllocateNothing(t *testing.T) {
	d, truth := clusters(2000, 6, 1)
	ctx := context.Background()
	for name, m := range learners(1) {
		a, ok := m.(*AAD)
		if !ok {
			continue
		}
		audit(t, a, d, truth, 40, 4)
		scratch, codes := a.base.newScratch(), make([]uint16, a.base.members()*blockRows)
		a.base.code(codes, d, a.pool.list[:blockRows], scratch)
		if n := testing.AllocsPerRun(10,
			func() { a.base.code(codes, d, a.pool.list[:blockRows], scratch) }); n != 0 {
			t.Errorf("%s: coding allocates %g times", name, n)
		}
		if n := testing.AllocsPerRun(10, func() {
			for b := range 7 {
				accumulate(a.scores[b*blockRows:(b+1)*blockRows], a.pool.block(b, a.base.members()),
					a.tables)
			}
			a.weigh(a.tables)
			tauRank(a.full, a.scratch, 0.03)
		}); n != 0 {
			t.Errorf("%s: rescoring allocates %g times", name, n)
		}
		f := objective{
			rows: a.rows, anomaly: a.anomaly, within: a.constraints(), tau: a.row(7), q: a.full[7],
			cost: a.set.Costs, strength: 0.1, prior: a.prior, rest: a.rest,
		}
		var done work
		n := testing.AllocsPerRun(10, func() {
			if err := a.descent.minimise(ctx, &f, a.w, bench.Stream{}, &done); err != nil {
				t.Fatal(err)
			}
		})
		if limit := 2.0; n > limit { // the generator that shuffles the minibatches
			t.Errorf("%s: the authors' optimiser allocates %g times a round", name, n)
		}
		if n := testing.AllocsPerRun(10, func() {
			if err := a.dual.minimise(ctx, &f, a.w, 0, a.sweeps.Rand, &done); err != nil {
				t.Fatal(err)
			}
		}); n > 2 {
			t.Errorf("%s: the exact optimiser allocates %g times a round", name, n)
		}
	}
}
