package ensemble

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"testing"
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// clusters returns n rows of d columns in five Gaussian clusters; one row in a hundred, marked
// true, is uniform in the same box.
func clusters(n, d int, seed uint64) (bench.Data, []bool) {
	rng := bench.NewStream(seed, "clusters").Rand()
	x := bench.NewMatrix(n, d)
	truth := make([]bool, n)
	centres := make([]float64, 5*d)
	for i := range centres {
		centres[i] = rng.Float64()
	}
	for i := range n {
		truth[i] = rng.IntN(100) == 0
		c := rng.IntN(5)
		for j := range d {
			if truth[i] {
				x.Data[i*d+j] = float32(rng.Float64())
			} else {
				x.Data[i*d+j] = float32(centres[c*d+j] + 0.1*detmath.Normal(rng))
			}
		}
	}
	return bench.Data{X: x}, truth
}

// peerData returns the matrix written by bench/peers/sklearn_iforest.py, or one of the same shape.
func peerData(b *testing.B) bench.Data {
	const rows, cols = 284807, 30
	file := os.Getenv("UAIBENCH_PEER_MATRIX")
	if file == "" {
		d, _ := clusters(rows, cols, 1)
		return d
	}
	raw, err := os.ReadFile(file)
	if err != nil || len(raw) != 4*rows*cols {
		b.Fatalf("%s: %d bytes, %v", file, len(raw), err)
	}
	x := bench.NewMatrix(rows, cols)
	for i := range x.Data {
		x.Data[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return bench.Data{X: x}
}

// BenchmarkIForest: fit and scores of 100 trees x 256 on 284,807 x 30, on one core.
func BenchmarkIForest(b *testing.B) {
	d := peerData(b)
	scores := make([]float64, d.Rows())
	ctx := context.Background()
	for b.Loop() {
		f := NewIForest(ForestSettings{Seed: 1, Workers: 1})
		if err := f.Fit(ctx, d); err != nil {
			b.Fatal(err)
		}
		if _, err := f.Scores(ctx, scores, d, nil, bench.HeadBase); err != nil {
			b.Fatal(err)
		}
	}
}

// feedback trains m on a pool and returns labels: audits of the rows with the highest scores of the
// uniform ensemble, and of as many at random.
func feedback(b testing.TB, m *AAD, d bench.Data, truth []bool, labels int) bench.Labels {
	ctx := context.Background()
	if err := m.Train(ctx, d, bench.Labels{}); err != nil {
		b.Fatal(err)
	}
	scores := make([]float64, d.Rows())
	if _, err := m.Scores(ctx, scores, d, nil, bench.HeadTrained); err != nil {
		b.Fatal(err)
	}
	var l bench.Labels
	audited := map[int]bool{}
	add := func(row int) {
		if !audited[row] {
			audited[row] = true
			l.Index = append(l.Index, row)
			l.Anomaly = append(l.Anomaly, truth[row])
		}
	}
	for _, row := range bench.Select(nil, scores, labels/2) {
		add(row)
	}
	for rng := bench.NewStream(1, "feedback").Rand(); l.Len() < labels; {
		add(rng.IntN(d.Rows()))
	}
	return l
}

// BenchmarkFeedback: one round on 286,048 rows x 54 with 1,000 labels, split into learning and
// rescoring; the round before it had 990. A third of the labels, at random, are anomalies: no
// weights can satisfy them all, so learning takes its longest.
func BenchmarkFeedback(b *testing.B) {
	const rows, labels = 286048, 1000
	d, truth := clusters(rows, 54, 1)
	rng := bench.NewStream(1, "answers").Rand()
	for i := range truth {
		truth[i] = rng.IntN(3) == 0
	}
	ctx := context.Background()
	for _, exact := range []bool{false, true} {
		name := "optimizer=rmsprop"
		if exact {
			name = "optimizer=exact"
		}
		b.Run(name, func(b *testing.B) {
			s := TreeAADSettings()
			s.Exact = exact
			m := NewTreeAAD(ForestSettings{Seed: 1, Workers: 1}, s)
			l := feedback(b, m, d, truth, labels)
			before := bench.Labels{Index: l.Index[:labels-10], Anomaly: l.Anomaly[:labels-10]}
			if err := m.Train(ctx, d, before); err != nil {
				b.Fatal(err)
			}
			if err := m.rescore(ctx); err != nil {
				b.Fatal(err)
			}
			start, work := m.Times(), m.done
			w := append([]float64(nil), m.w...)
			for b.Loop() {
				m.w = append(m.w[:0], w...)
				for len(m.w) < len(m.prior) { // weights that only the last labels use
					m.w = append(m.w, w[0])
				}
				m.known, m.rows, m.anomaly, m.fresh = before.Len(), m.rows[:before.Len()], m.anomaly[:before.Len()], false
				if err := m.Train(ctx, d, l); err != nil {
					b.Fatal(err)
				}
				if err := m.rescore(ctx); err != nil {
					b.Fatal(err)
				}
			}
			n := float64(b.N)
			b.ReportMetric((m.Times().Learning-start.Learning).Seconds()*1e3/n, "learning-ms/op")
			b.ReportMetric((m.Times().Rescoring-start.Rescoring).Seconds()*1e3/n, "rescoring-ms/op")
			b.ReportMetric(float64(m.done.epochs-work.epochs)/n, "epochs/op")
			b.ReportMetric(float64(2*len(m.pool.codes)+8*len(m.pool.norm))/rows/float64(m.base.members()), "B/row/tree")
		})
	}
}

// BenchmarkLODA: fit and scores of LODA on 286,048 x 54, on one core, and the cost of one
// projection.
func BenchmarkLODA(b *testing.B) {
	d, _ := clusters(286048, 54, 1)
	ctx := context.Background()
	scores := make([]float64, d.Rows())
	projections := 0
	for b.Loop() {
		l := NewLODA(LodaSettings{Least: 15, Most: 16, Seed: 1, Workers: 1})
		if err := l.Fit(ctx, d); err != nil {
			b.Fatal(err)
		}
		if _, err := l.Scores(ctx, scores, d, nil, bench.HeadBase); err != nil {
			b.Fatal(err)
		}
		projections = l.members()
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N)/float64(projections),
		"ms/projection")
}

// BenchmarkRescoring: one pass over a pool's codes after new weights, for trees (narrow tables) and
// histograms (wide ones), per row and member; and how many times as long as a pass that only adds
// up the codes.
func BenchmarkRescoring(b *testing.B) {
	d, _ := clusters(100000, 20, 1)
	ctx := context.Background()
	trees, loda := ForestSettings{Seed: 1, Workers: 1}, LodaSettings{Least: 100, Most: 101, Seed: 1,
		Tries: 20, Workers: 1}
	for name, m := range map[string]*AAD{"ensemble=trees": NewTreeAAD(trees, TreeAADSettings()),
		"ensemble=histograms": NewLODAAAD(loda, LODAAADSettings())} {
		b.Run(name, func(b *testing.B) {
			if m.pool == nil {
				if err := m.Train(ctx, d, bench.Labels{}); err != nil {
					b.Fatal(err)
				}
			}
			var pass, reading time.Duration
			for b.Loop() {
				m.fresh = false
				began := time.Now()
				if err := m.rescore(ctx); err != nil {
					b.Fatal(err)
				}
				scored := time.Now()
				codesSum = sumOf(m.pool.codes)
				pass, reading = pass+scored.Sub(began), reading+time.Since(scored)
			}
			b.ReportMetric(float64(pass.Nanoseconds())/float64(b.N)/float64(len(m.pool.codes)),
				"ns/row/member")
			b.ReportMetric(pass.Seconds()/reading.Seconds(), "x-reading-codes")
		})
	}
}

var codesSum int // keeps the loop of BenchmarkRescoring

func sumOf(codes []uint16) (sum int) {
	for _, c := range codes {
		sum += int(c)
	}
	return sum
}
