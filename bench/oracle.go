package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
)

// Oracle is the expert who audits rows.
type Oracle interface {
	// Audit returns for each of rows whether it is an anomaly. The caller owns the result.
	Audit(ctx context.Context, rows []int) ([]bool, error)
}

// Truth returns the paper's oracle, which is always right.
func Truth(y []bool) Oracle { return truth(y) }

type truth []bool

func (y truth) Audit(_ context.Context, rows []int) ([]bool, error) {
	out := make([]bool, len(rows))
	for i, r := range rows {
		if r < 0 || r >= len(y) {
			return nil, fmt.Errorf("oracle: row %d is not in [0, %d)", r, len(y))
		}
		out[i] = y[r]
	}
	return out, nil
}

// Noise is how often an expert errs (the paper's future work: "mistakes being made by the labeling
// experts"). Zero is the paper's noise-free oracle.
type Noise struct {
	Miss  float64 `json:"miss,omitempty"`  // probability that an anomaly is called normal
	Alarm float64 `json:"alarm,omitempty"` // probability that a normal row is called an anomaly
}

// Noisy returns an oracle that answers like o with errors. Whether row r is answered wrongly
// depends only on s and r, so all methods get the same answer for a row, in whatever order.
func Noisy(o Oracle, noise Noise, s Stream) Oracle {
	return &noisy{o: o, noise: noise, s: s}
}

type noisy struct {
	o     Oracle
	noise Noise
	s     Stream
}

func (n *noisy) Audit(ctx context.Context, rows []int) ([]bool, error) {
	out, err := n.o.Audit(ctx, rows)
	if err != nil {
		return nil, err
	}
	for i, r := range rows {
		p := n.noise.Alarm
		if out[i] {
			p = n.noise.Miss
		}
		if rand.New(rand.NewPCG(n.s.Hi, n.s.Lo^mix(uint64(r)))).Float64() < p {
			out[i] = !out[i]
		}
	}
	return out, nil
}

// mix is the finaliser of splitmix64; it gives neighbouring rows unrelated generators.
func mix(z uint64) uint64 {
	z += 0x9e3779b97f4a7c15
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}
