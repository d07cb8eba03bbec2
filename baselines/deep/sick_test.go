package deep

import (
	"context"
	"math"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
)

// sick are networks with values near the smallest float32, which must not slow a step down.
var sick = map[string]struct {
	settings Settings
	spoil    func(*network)
}{
	// Every ReLU is dead, and mean squares have decayed to the point where the next step flushes
	// them.
	"dae-dead": {Settings{Activation: nn.ReLU, Latent: nn.ReLU}, func(n *network) {
		setBiases(n, func(int) float32 { return -1000 })
		n.slots.(*nn.Slots).Fill(0x1p-126)
	}},
	// Every sigmoid is saturated, from slightly to beyond float32, so that deltas have all
	// magnitudes.
	"dae-saturated": {Settings{Activation: nn.Sigmoid, Latent: nn.Sigmoid}, func(n *network) {
		setBiases(n, func(unit int) float32 { return float32(unit%181 - 90) })
		n.slots.(*nn.Slots).Fill(0x1p-126)
	}},
	// a healthy one for comparison
	"dae-sigmoid": {Settings{Activation: nn.Sigmoid, Latent: nn.Sigmoid}, func(*network) {}},
}

func setBiases(n *network, bias func(unit int) float32) {
	for i := range n.net.Layers[:len(n.net.Layers)-1] {
		_, b := n.net.Layer(i)
		for j := range b {
			b[j] = bias(j)
		}
	}
}

// TestSickNetworksStayNormal: many processors take a hundred times longer for a multiply-add with a
// subnormal result. The products of a sick network's step have hardly any (cancellation may leave
// one; without flushing of activations and deltas, one in five results of the saturated network is
// subnormal).
func TestSickNetworksStayNormal(t *testing.T) {
	d := toy(64, 40, 3)
	for name, c := range sick {
		c.settings.Hidden, c.settings.Batch = []int{200, 190, 30}, 64
		m := NewDAE(DAESettings{Settings: c.settings, Noise: 0.1})
		u := NewUnsupervised(m, m.set)
		if err := u.prepare(d); err != nil {
			t.Fatal(err)
		}
		c.spoil(&m.network)
		if err := u.pretrain(context.Background(), d, 2); err != nil {
			t.Fatal(err)
		}
		var all, subnormal int
		// product counts the partial sums of a product of m x k and k x n.
		product := func(rows, cols, depth int, a, b func(i, p int) float32) {
			for i := range rows {
				for j := range cols {
					sum := 0.0
					for p := range depth {
						sum += float64(a(i, p)) * float64(b(j, p))
						all++
						if v := math.Abs(sum); v > 0 && v < 0x1p-126 {
							subnormal++
						}
					}
				}
			}
		}
		batch := m.pass.Rows()
		for i, l := range m.net.Layers {
			x, dy := m.input, m.pass.Delta(i)
			w, _ := m.net.Layer(i)
			if i > 0 {
				x = m.pass.Out(i - 1)
			}
			forward := func(i, p int) float32 { return x[i*l.In+p] }
			product(batch, l.Out, l.In, forward, func(j, p int) float32 { return w[p*l.Out+j] })
			product(l.In, l.Out, batch, func(i, p int) float32 { return x[p*l.In+i] },
				func(j, p int) float32 { return dy[p*l.Out+j] })
			product(batch, l.In, l.Out, func(i, p int) float32 { return dy[i*l.Out+p] },
				func(j, p int) float32 { return w[j*l.Out+p] })
		}
		if share := float64(subnormal) / float64(all); share > 1e-6 {
			t.Errorf("%s: %.3g of the partial sums of a step's products are subnormal", name, share)
		}
	}
}
