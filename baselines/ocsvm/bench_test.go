package ocsvm

import (
	"context"
	"os"
	"testing"
	"unsafe"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/detmath"
)

// peerMatrix returns 20,000 x 30 normal numbers, or those that bench/peers/sklearn_ocsvm.py gives
// to both sides.
func peerMatrix(b *testing.B) bench.Data {
	x := bench.NewMatrix(20000, 30)
	if path := os.Getenv("UAIBENCH_PEER_MATRIX"); path != "" {
		raw, err := os.ReadFile(path)
		if err != nil || len(raw) != 4*len(x.Data) {
			b.Fatal(len(raw), err)
		}
		copy(unsafe.Slice((*byte)(unsafe.Pointer(&x.Data[0])), len(raw)), raw)
		return bench.Data{X: x}
	}
	rng := bench.NewStream(2019, "ocsvm benchmark").Rand()
	for i := range x.Data {
		x.Data[i] = float32(detmath.Normal(rng))
	}
	return bench.Data{X: x}
}

// BenchmarkFit trains on one thread, with 200 MiB of cache.
func BenchmarkFit(b *testing.B) {
	d := peerMatrix(b)
	for b.Loop() {
		m := New(Settings{Nu: 0.1})
		if err := m.Fit(context.Background(), d); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(m.fitted.iterations), "iterations")
		b.ReportMetric(float64(len(m.alpha)), "vectors")
		b.Logf("%.9f objective", m.fitted.objective())
		b.ReportMetric(float64(m.fitted.computed)/20000, "columns")
	}
}

// BenchmarkScores scores the training data on one thread.
func BenchmarkScores(b *testing.B) {
	d := peerMatrix(b)
	m := fit(b, Settings{Nu: 0.1}, d)
	scores := make([]float64, d.Rows())
	for b.Loop() {
		if _, err := m.Scores(context.Background(), scores, d, nil, bench.HeadBase); err != nil {
			b.Fatal(err)
		}
	}
}
