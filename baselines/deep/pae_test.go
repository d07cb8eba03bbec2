package deep

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// TestGreedyLayers: the pre-training of a layer changes the weights and biases of only that layer
// and its mirror; it improves their reconstruction of the clean output of the layers below; and its
// steps are counted.
func TestGreedyLayers(t *testing.T) {
	d := toy(200, 12, 3)
	for _, gaussian := range []bool{false, true} {
		set := Settings{Hidden: []int{9, 6, 3}, Batch: 20, Seed: 1}
		m := NewPAE(AutoencoderSettings{Settings: set, LayerSteps: 150, Corruption: 0.1,
			Gaussian: gaussian})
		u := NewUnsupervised(m, set)
		if err := u.prepare(d); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			// The error of one layer up and its mirror down, from their input, in float64.
			restore := func() float64 {
				sum := 0.0
				p := doubles(m.net.Params)
				for r := range d.Rows() {
					x := doubles(d.X.Row(r))
					if i > 0 {
						x = eval(m.net, p, x)[i-1]
					}
					y := part(m.net, 5-i, part(m.net, i, x))
					for j, v := range x {
						sum += (v - y[j]) * (v - y[j])
					}
				}
				return sum
			}
			before, old := restore(), slices.Clone(m.net.Params)
			if err := m.layer(i, d, &Steps{context.Background(), &u.trainer}); err != nil {
				t.Fatal(err)
			}
			after := restore()
			now := slices.Clone(m.net.Params)
			for j := range m.net.Layers {
				w, b := m.net.Layer(j)
				neww, newb := slices.Clone(w), slices.Clone(b)
				copy(m.net.Params, old)
				if moved := !slices.Equal(w, neww) &&
					!slices.Equal(b, newb); moved != (j == i || j == 5-i) {
					t.Errorf("pre-training layer %d: layer %d moves: %v", i, j, moved)
				}
				copy(m.net.Params, now)
			}
			if after > before*0.7 {
				t.Errorf("layer %d restores its input no better: squares of %.4f, after %.4f", i,
					before, after)
			}
			if u.steps != int64(150*(i+1)) {
				t.Errorf("%d steps after layer %d", u.steps, i)
			}
		}
	}
}

// part computes one layer in float64.
func part(n *nn.Net, i int, x []float64) []float64 {
	w, b := n.Layer(i)
	one := &nn.Net{Layers: n.Layers[i : i+1]}
	return eval(one, append(doubles(w), doubles(b)...), x)[0]
}

// TestCorruption: a share of zeroes, or normal noise, and the rest unchanged; different draws for
// every batch, and the same ones however a batch is divided.
func TestCorruption(t *testing.T) {
	clean := slices.Repeat([]float32{1}, 40000)
	for _, masking := range []bool{false, true} {
		c := noise{level: 0.3, masking: masking, stream: bench.NewStream(1, "corruption")}
		var batches [2][]float32
		for b := range batches {
			c.begin(len(clean))
			batches[b] = make([]float32, len(clean))
			c.apply(batches[b], clean, 0)
			parts := make([]float32, len(clean))
			for _, cut := range [][2]int{{17, 1003}, {0, 17}, {1003, 40000}} {
				c.apply(parts[cut[0]:cut[1]], clean[cut[0]:cut[1]], cut[0])
			}
			if !slices.Equal(parts, batches[b]) {
				t.Errorf("masking %v: the parts of a batch have other draws than the whole",
					masking)
			}
		}
		zeroes, square, same := 0.0, 0.0, 0.0
		for i, v := range batches[0] {
			if v == 0 {
				zeroes++
			} else if masking && v != 1 {
				t.Fatalf("masking made %g of 1", v)
			}
			square += float64(v-1) * float64(v-1)
			if v == batches[1][i] {
				same++
			}
		}
		// Standard error of a share of 0.3 of 40,000: 0.0023; of a standard deviation of 0.3:
		// 0.001.
		if masking && math.Abs(zeroes/40000-0.3) > 0.012 || !masking &&
			math.Abs(math.Sqrt(square/40000)-0.3) > 0.006 {
			t.Errorf("masking %v: a share of %g zeroes, noise of %g", masking, zeroes/40000,
				math.Sqrt(square/40000))
		}
		if share := same / 40000; masking && math.Abs(share-(0.49+0.09)) > 0.015 || !masking &&
			share > 0.001 {
			t.Errorf("masking %v: two batches share %g of their elements", masking, share)
		}
	}
}
