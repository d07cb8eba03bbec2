package ocsvm

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
)

// Settings are the settings of a one-class SVM.
type Settings struct {
	// upper bound of the share of training rows outside, lower bound of that of support vectors; in
	// (0, 1]
	Nu    float64
	Gamma float64 // γ of the kernel; 0: 1/d
	// maximal violation of the optimality conditions, with the α summing to Nu n; 0: 1e-3
	Tolerance float64
	Subsample int // maximal number of training rows, drawn without replacement; 0: all
	// for kernel columns; 0: 200 MiB. The training rows take another 8 bytes a value
	CacheBytes int64
	NoShrink   bool   // no shrinking
	Seed       uint64 // of the subsample
	Threads    int    // 0: 1
}

// Detector is a one-class SVM: a bench.Detector and a bench.Flagger.
type Detector struct {
	set     Settings
	support *points   // the support vectors, in the order of rows
	index   []int     // row of each
	alpha   []float64 // α of each
	rho     float64
	fitted  *solver // for its counts and, in tests, its final state
}

// New returns an unfitted detector.
func New(s Settings) *Detector {
	if !(s.Nu > 0 && s.Nu <= 1) {
		panic(fmt.Sprintf("ocsvm: nu is %v, want 0 < nu <= 1", s.Nu))
	}
	if s.Gamma < 0 || s.Tolerance < 0 || s.Subsample < 0 || s.CacheBytes < 0 ||
		math.IsInf(s.Gamma, 1) || s.Gamma != s.Gamma {
		panic(fmt.Sprintf("ocsvm: settings %+v: each must be a number that is not negative", s))
	}
	s.Tolerance, s.CacheBytes = cmp.Or(s.Tolerance, 1e-3), cmp.Or(s.CacheBytes, 200<<20)
	s.Threads = max(1, s.Threads)
	return &Detector{set: s}
}

// Fit trains on the rows of d, or on a sample of them.
func (m *Detector) Fit(ctx context.Context, d bench.Data) error {
	s := m.set
	n := d.Rows()
	if err := split.Finite("one-class SVM", d, 1); err != nil {
		return err
	}
	if s.Gamma == 0 {
		s.Gamma = 1 / float64(d.X.Cols)
	}
	rows := make([]int32, n)
	for i := range rows {
		rows[i] = int32(i)
	}
	if s.Subsample > 0 && s.Subsample < n {
		rng := bench.NewStream(s.Seed, "ocsvm/subsample").Rand()
		for i := range s.Subsample {
			j := i + rng.IntN(n-i)
			rows[i], rows[j] = rows[j], rows[i]
		}
		rows = rows[:s.Subsample]
		slices.Sort(rows)
	}
	v := newSolver(pointsOf(d.X, rows), s)
	if err := v.solve(ctx, !s.NoShrink); err != nil {
		return err
	}
	m.fitted = v
	m.keep(d.X, rows)
	v.x, v.cache = nil, nil // frees their memory
	return nil
}

// keep builds the model from the solver's last state. ρ is the mean of the free support vectors'
// sums; without any, the middle of the interval that the optimality conditions allow.
func (m *Detector) keep(x bench.Matrix, rows []int32) {
	v := m.fitted
	n := len(v.alpha)
	alpha := make([]float64, n) // by training row
	g := make([]float64, n)
	for place, r := range v.row {
		alpha[r], g[r] = v.alpha[place], v.g[place]
	}
	var support []int32
	m.index, m.alpha = nil, nil
	var free []int
	// of the rows at 1, the one with the greatest gradient; of those at 0, the one with the least
	full, none := -1, -1
	for i, a := range alpha {
		switch {
		case a > 0 && a < 1:
			free = append(free, i)
		case a == 1 && (full < 0 || g[i] > g[full]):
			full = i
		case a == 0 && (none < 0 || g[i] < g[none]):
			none = i
		}
		if a > 0 {
			support = append(support, rows[i])
			m.index = append(m.index, int(rows[i]))
			m.alpha = append(m.alpha, a)
		}
	}
	m.support = pointsOf(x, support)
	y := make([]float64, x.Cols)
	sum := func(i int) float64 { return m.sum(y, x.Row(int(rows[i]))) }
	switch {
	case len(free) > 0:
		// The mean of differences from the first: if all are equal, it is exact.
		first, rest := sum(free[0]), 0.0
		for _, i := range free[1:] {
			rest += sum(i) - first
		}
		m.rho = first + rest/float64(len(free))
	case none < 0: // ν = 1
		m.rho = sum(full)
	default:
		a, b := sum(full), sum(none)
		m.rho = a + (b-a)/2
	}
}

// sum returns Σ_i α_i K(x_i, x); y is scratch (len d).
func (m *Detector) sum(y []float64, x []float32) float64 {
	norm := 0.0
	for j, v := range x {
		y[j] = float64(v)
		norm += float64(float64(v) * float64(v))
	}
	s := 0.0
	var k [lanes]float64
	for b := 0; b*lanes < len(m.alpha); b++ {
		m.support.block(&k, b, y, norm, m.fitted.gamma)
		for i, a := range m.alpha[b*lanes : min(len(m.alpha), b*lanes+lanes)] {
			s += float64(a * k[i])
		}
	}
	return s
}

// Scores: see bench.Scorer. The score is -f(x).
func (m *Detector) Scores(ctx context.Context, dst []float64, d bench.Data, rows []int,
	_ bench.Head) (bench.Head, error) {
	if m.support == nil {
		panic("ocsvm: Scores before Fit")
	}
	if d.X.Cols != m.support.d {
		panic(fmt.Sprintf("ocsvm: data with %d columns, trained on %d", d.X.Cols, m.support.d))
	}
	scratch := func() []float64 { return make([]float64, d.X.Cols) }
	err := split.Scores(ctx, m.set.Threads, dst, d, rows, scratch,
		func(y []float64, x []float32) float64 {
			return m.rho - m.sum(y, x)
		})
	return bench.HeadBase, err
}

// Flags: see bench.Flagger. Rows outside, f(x) < 0, are flagged; the boundary counts as inside
// (Schölkopf et al. 2001), and is known only to the tolerance, so f(x) must be below minus the
// tolerance. Thus at most a share ν of the training rows is flagged, even if a large part of the
// data are copies of a row on the boundary, where the sign of f depends on the solver's rounding.
func (m *Detector) Flags(dst []bool, d bench.Data) {
	if len(dst) != d.Rows() {
		panic(fmt.Sprintf("ocsvm: %d flags for %d rows", len(dst), d.Rows()))
	}
	scores := make([]float64, len(dst))
	if _, err := m.Scores(context.Background(), scores, d, nil, bench.HeadBase); err != nil {
		panic("ocsvm: " + err.Error()) // only a context ends it early
	}
	for i, s := range scores {
		dst[i] = s > m.set.Tolerance
	}
}

// Counts: see bench.Counter.
func (m *Detector) Counts() map[string]int64 {
	if m.fitted == nil {
		return nil
	}
	return map[string]int64{
		"training_rows": int64(len(m.fitted.alpha)), "iterations": m.fitted.iterations,
		"support_vectors": int64(len(m.alpha)),
	}
}
