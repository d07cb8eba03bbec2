package deep

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// TestGolden: these digests must not change while the methods' versions are the same, whatever the
// kernel, fusion or number of threads. They were taken from the plain sequence of Gemm and
// element-wise calls before any of it was fused.
func TestGolden(t *testing.T) {
	paper := Settings{Seed: 2019}
	odd := func(act nn.Activation) Settings {
		return Settings{Hidden: []int{37, 19, 5}, Activation: act, Batch: 31, Seed: 3}
	}
	dae := func(opt DAESettings) func(Settings) Base {
		return func(s Settings) Base { opt.Settings = s; return NewDAE(opt) }
	}
	for _, c := range []struct {
		name       string
		base       func(Settings) Base
		set        Settings
		data       bench.Data
		parameters string // after 20 steps of pre-training
		joint      string // of the scores and parameters after 10 joint steps
	}{
		{"DAE", dae(DAESettings{Noise: 0.1}), paper, toy(1024, 784, 9), "c0bde5e9c2486622",
			"7026eeacf821e45e"},
		{"Class", func(s Settings) Base { return NewClass(s) }, paper, toy(1024, 784, 9),
			"7d793153c24cecff", "23dacf4ddd5159f5"},
		{"DAE, odd sizes, sigmoid",
			dae(DAESettings{Noise: 0.3, Output: nn.Sigmoid,
				MeanFeatures: true}), odd(nn.Sigmoid), toy(200, 51, 3), "521298f747ca6cdf", "6b6af0eb5add699d"},
		{"DAE, odd sizes, tanh", dae(DAESettings{Noise: 0.2, Masking: true}), odd(nn.Tanh),
			toy(200, 51, 3), "c594f3a3b5bec13c", "4792f0d2853f3fd8"},
		{"DAGMM", func(s Settings) Base {
			return NewDAGMM(DAGMMSettings{Settings: s, Components: 4, Diagonal: 1e-4})
		}, Settings{Hidden: []int{20, 7, 2}, Activation: nn.Tanh, Batch: 100, Seed: 3},
			toy(300, 51, 3), "061ab955137596cf", "ec1141899a49af01"},
	} {
		for _, threads := range []int{1, 2, growing, 3, 8} {
			if threads > 2 && c.data.Rows() > 1000 {
				continue // the large nets; the odd sizes are harder to split
			}
			t.Run(fmt.Sprintf("%s, threads=%d", c.name, threads), func(t *testing.T) {
				set := c.set
				if set.Threads = threads; threads == growing {
					set.More = growth()
				}
				base := c.base(set)
				u := NewUAI(base, set, UAISettings{Round: 10})
				u.set.Pretrain = 20
				ctx := context.Background()
				if err := u.Train(ctx, c.data, bench.Labels{}); err != nil {
					t.Fatal(err)
				}
				if got := parametersDigest(t, base); got != c.parameters {
					t.Errorf("parameters after 20 steps: digest %s, want %s", got, c.parameters)
				}
				labels := bench.Labels{}
				for i := range 40 {
					labels.Index = append(labels.Index, 3*i)
					labels.Anomaly = append(labels.Anomaly, i%4 == 0)
				}
				if err := u.Train(ctx, c.data, labels); err != nil {
					t.Fatal(err)
				}
				scores := make([]float64, c.data.Rows())
				if _, err := u.Scores(ctx, scores, c.data, nil, bench.HeadTrained); err != nil {
					t.Fatal(err)
				}
				h := sha256.New()
				fmt.Fprint(h, parametersDigest(t, base))
				if err := binary.Write(h, binary.LittleEndian, scores); err != nil {
					t.Fatal(err)
				}
				if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != c.joint {
					t.Errorf("after 10 joint steps: digest %s, want %s", got, c.joint)
				}
			})
		}
	}
}

func parametersDigest(t *testing.T, b Base) string {
	h := sha256.New()
	if err := b.Snapshot(h); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}
