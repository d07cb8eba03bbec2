package bench_test

import (
	"context"
	"fmt"

	"github.com/uaibench/uaibench/bench"
)

// nearest is a method that learns: before an anomaly is known, larger values score higher; after
// that, values nearer to a known anomaly.
type nearest struct{ known []float32 }

func (m *nearest) Train(_ context.Context, d bench.Data, l bench.Labels) error {
	m.known = nil
	for i, row := range l.Index {
		if l.Anomaly[i] {
			m.known = append(m.known, d.X.Row(row)[0])
		}
	}
	return nil
}

func (m *nearest) Scores(_ context.Context, dst []float64, d bench.Data, rows []int, _ bench.Head) (bench.Head, error) {
	for i := range dst {
		row := i
		if rows != nil {
			row = rows[i]
		}
		x := d.X.Row(row)[0]
		if m.known == nil {
			dst[i] = float64(x)
			continue
		}
		dst[i] = -100
		for _, a := range m.known {
			dst[i] = max(dst[i], -float64(max(x-a, a-x)))
		}
	}
	return bench.HeadTrained, nil
}

// printer prints a run's rounds.
type printer struct{}

func (printer) Record(r bench.Round) error {
	fmt.Printf("round %d: rows %v, anomalies %v\n", r.Call, r.Rows, r.Anomaly)
	return nil
}

// Six rows with one feature, of which those at 5 and 4 are anomalies, audited two a round.
func ExampleRun() {
	x := bench.NewMatrix(6, 1)
	copy(x.Data, []float32{1, 9, 5, 4, 8, 0})
	truth := []bool{false, false, true, true, false, false}

	labels, err := bench.Run(context.Background(), bench.Data{X: x}, new(nearest), bench.Truth(truth),
		bench.Settings{Budget: 5, K: 2}, printer{})
	fmt.Println(labels.Len(), "audits,", err)
	// Output:
	// round 1: rows [1 4], anomalies [false false]
	// round 2: rows [2 3], anomalies [true true]
	// round 3: rows [0], anomalies [false]
	// 5 audits, <nil>
}
