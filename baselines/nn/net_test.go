package nn

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// reference returns a net's output in float64, from the definition.
func reference(n *Net, params []float64, x []float64) []float64 {
	at := 0
	for _, l := range n.Layers {
		y := make([]float64, l.Out)
		for j := range y {
			y[j] = params[at+l.In*l.Out+j]
			for i := range x {
				y[j] += x[i] * params[at+i*l.Out+j]
			}
			switch l.Act {
			case ReLU:
				y[j] = math.Max(y[j], 0)
			case Sigmoid:
				y[j] = 1 / (1 + math.Exp(-y[j]))
			case Tanh:
				y[j] = math.Tanh(y[j])
			}
		}
		at += l.size()
		x = y
	}
	return x
}

func doubles(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}

// TestGradients compares every activation's backward pass with central differences of a float64
// network written from the definition. The loss is sum(c·y) with fixed c, plus sum(e·latent)
// entering at layer 1. float32 has 24 bits and the sums have under 100 terms, so 1e-4 relative to
// the largest gradient is ten times the rounding error; the error of a wrong derivative is as large
// as the derivative.
func TestGradients(t *testing.T) {
	for _, act := range []Activation{Linear, ReLU, Sigmoid, Tanh} {
		t.Run(fmt.Sprint(act), func(t *testing.T) {
			n := NewNet([]int{5, 7, 3, 4}, []Activation{act, act, Linear},
				bench.NewStream(1, "test"))
			rng := bench.NewStream(2, "test").Rand()
			for i := range n.Params {
				n.Params[i] += float32(0.2 * (rng.Float64() - 0.5)) // biases too
			}
			const rows = 6
			p := n.NewPass(8)
			x := p.Input(rows)
			for i := range x {
				x[i] = float32(rng.Float64()*2 - 1)
			}
			p.Forward()
			c, e := p.Delta(2), make([]float32, rows*3)
			for i := range c {
				c[i] = float32(rng.Float64()*2 - 1)
			}
			for i := range e {
				e[i] = float32(rng.Float64()*2 - 1)
			}
			c64, e64, x64 := doubles(c), doubles(e), doubles(x)
			loss := func(params []float64) float64 {
				sum := 0.0
				head := &Net{Layers: n.Layers[:2]}
				for r := range rows {
					for j, y := range reference(n, params, x64[r*5:r*5+5]) {
						sum += c64[r*4+j] * y
					}
					for j, y := range reference(head, params, x64[r*5:r*5+5]) {
						sum += e64[r*3+j] * y
					}
				}
				return sum
			}
			p.Backward(2, 1, e)
			n.Finish()
			got := doubles(n.Grads)
			params := doubles(n.Params)
			largest := 0.0
			for _, g := range got {
				largest = math.Max(largest, math.Abs(g))
			}
			for i := range params {
				const h = 1e-6
				keep := params[i]
				params[i] = keep + h
				up := loss(params)
				params[i] = keep - h
				down := loss(params)
				params[i] = keep
				if want := (up - down) / (2 * h); math.Abs(got[i]-want) > 1e-4*largest {
					t.Errorf("parameter %d: gradient %g, finite difference %g", i, got[i], want)
				}
			}
			dx := make([]float32, rows*5)
			p.InputGradient(dx)
			for i := range x64 {
				const h = 1e-6
				keep := x64[i]
				x64[i] = keep + h
				up := loss(params)
				x64[i] = keep - h
				down := loss(params)
				x64[i] = keep
				if want := (up - down) / (2 * h); math.Abs(float64(dx[i])-want) > 1e-4*largest {
					t.Errorf("input %d: gradient %g, finite difference %g", i, dx[i], want)
				}
			}
		})
	}
}

// TestTwoBatchesAdd: the gradients of two Backwards are the sum of the separate ones, layers
// without a contribution get zero, and a new step drops the previous one's.
func TestTwoBatchesAdd(t *testing.T) {
	n := NewNet([]int{3, 4, 2}, []Activation{Tanh, Linear}, bench.NewStream(1, "test"))
	run := func(top int, fill float32) {
		p := n.NewPass(2)
		x := p.Input(2)
		for i := range x {
			x[i] = fill * float32(i+1)
		}
		p.Forward()
		d := p.Delta(top)
		for i := range d {
			d[i] = fill
		}
		p.Backward(top, -1, nil)
	}
	alone := func(top int, fill float32) []float32 {
		run(top, fill)
		n.Finish()
		return append([]float32(nil), n.Grads...)
	}
	a, b := alone(1, 0.5), alone(0, 0.25)
	for _, g := range b[len(b)-n.Layers[1].size():] {
		if g != 0 {
			t.Fatalf("layer 1 was not reached, yet has gradient %g", g)
		}
	}
	run(1, 0.5)
	run(0, 0.25)
	n.Finish()
	for i := range n.Grads {
		if want := a[i] + b[i]; math.Abs(float64(n.Grads[i]-want)) > 1e-6 {
			t.Errorf("gradient %d is %g, want %g", i, n.Grads[i], want)
		}
	}
	if again := alone(1, 0.5); again[0] != a[0] {
		t.Errorf("a new step keeps the old one's gradients: %g, want %g", again[0], a[0])
	}
}

func TestGlorot(t *testing.T) {
	n := NewNet([]int{784, 256, 8}, []Activation{ReLU, Linear}, bench.NewStream(3, "test"))
	for i, l := range n.Layers {
		w, b := n.Layer(i)
		q := math.Sqrt(6 / float64(l.In+l.Out))
		var sum, sq, most float64
		for _, v := range w {
			f := float64(v)
			sum += f
			sq += f * f
			most = math.Max(most, math.Abs(f))
		}
		k := float64(len(w))
		// U(-q, q) has variance q²/3, and the mean of k draws a standard deviation of q/sqrt(3k).
		if math.Abs(sum/k) > 4*q/math.Sqrt(3*k) || math.Abs(sq/k-q*q/3) > 4*q*q/math.Sqrt(11*k) ||
			most > q || most < 0.98*q {
			t.Errorf("layer %d: mean %g, mean square %g (want %g), largest %g (want just under %g)",
				i, sum/k, sq/k, q*q/3, most, q)
		}
		for _, v := range b {
			if v != 0 {
				t.Errorf("layer %d: bias %g", i, v)
			}
		}
	}
}

// TestRMSprop works out three steps of TensorFlow 1.x's rule by hand, g = 1, 2, -0.5 with rate
// 0.01, decay 0.9, the mean square from 1, epsilon inside the root.
//
//	r1 = 0.9 + 0.1·1    = 1       w1 = 0 - 0.01·1/1             = -0.01
//	r2 = 0.9 + 0.1·4    = 1.3     w2 = w1 - 0.01·2/1.1401754251 = -0.0275411604
//	r3 = 1.17 + 0.1·.25 = 1.195   w3 = w2 + 0.01·.5/1.0931605555 = -0.0229672668
func TestRMSprop(t *testing.T) {
	n := NewNet([]int{1, 1}, []Activation{Linear}, bench.NewStream(1, "test"))
	n.Params[0] = 0
	s := RMSprop{}.Slots(len(n.Params))
	want := []float64{-0.01, -0.0275411604, -0.0229672668}
	for i, g := range []float32{1, 2, -0.5} {
		p := n.NewPass(1)
		p.Input(1)[0] = 1
		p.Forward()
		p.Delta(0)[0] = g
		p.Backward(0, -1, nil)
		s.Step(n)
		// two ulps of float32 at 0.03
		if got := float64(n.Params[0]); math.Abs(got-want[i]) > 4e-9 {
			t.Errorf("after step %d: w = %.10f, want %.10f", i+1, got, want[i])
		}
	}
	// With a mean square of zero, epsilon inside the root limits a step: sqrt(1e-10) = 1e-5.
	n.Params[0] = 0
	s.Fill(0)
	p := n.NewPass(1)
	p.Input(1)[0] = 1
	p.Forward()
	p.Delta(0)[0] = 1e-5
	p.Backward(0, -1, nil)
	s.Step(n)
	if got, want := float64(n.Params[0]), -0.01*1e-5/math.Sqrt(0.1*1e-10+1e-10); math.Abs(got/want-1) > 1e-5 {
		t.Errorf("epsilon: w = %g, want %g", got, want)
	}
}

func TestBatches(t *testing.T) {
	b := NewBatches(10, 4, false, bench.NewStream(1, "batches"))
	for epoch := range 3 {
		seen := map[int]bool{}
		for range 2 { // the tail of 2 rows is dropped
			for _, r := range b.Next() {
				if seen[r] || r < 0 || r > 9 {
					t.Fatalf("epoch %d hands out row %d twice, or out of range", epoch, r)
				}
				seen[r] = true
			}
		}
	}
	small := NewBatches(3, 256, false, bench.NewStream(1, "batches"))
	if got := len(small.Next()); got != 3 {
		t.Errorf("a pool of 3 rows gives batches of %d", got)
	}
	b.Exclude(func(r int) bool { return r%2 == 0 })
	for range 20 {
		for _, r := range b.Next() {
			if r%2 == 0 {
				t.Fatalf("row %d was excluded", r)
			}
		}
	}
	iid := NewBatches(5, 256, true, bench.NewStream(1, "batches"))
	if got := len(iid.Next()); got != 5 {
		t.Errorf("iid: a batch of %d rows", got)
	}
}

// TestWholeEpochs: if batches fill the pool exactly, each epoch returns every row once; the last
// batch is not dropped.
func TestWholeEpochs(t *testing.T) {
	for _, size := range []int{1, 4, 6, 12, 100} {
		b := NewBatches(12, size, false, bench.NewStream(1, "batches"))
		for epoch := range 3 {
			seen := map[int]bool{}
			for range max(1, 12/size) {
				for _, r := range b.Next() {
					seen[r] = true
				}
			}
			if len(seen) != 12 {
				t.Errorf("batches of %d, epoch %d: %d of 12 rows", size, epoch, len(seen))
			}
		}
	}
}

// TestExcludeBeginsAnEpoch: after an exclusion in the middle of an epoch the next batches return
// each remaining row once, including those of the epoch's first half; an exclusion of no rows does
// not disturb the epoch; one of all remaining rows removes none.
func TestExcludeBeginsAnEpoch(t *testing.T) {
	for stream := range 20 {
		b := NewBatches(12, 3, false, bench.NewStream(1, "batches", stream))
		first := slices.Clone(b.Next())
		b.Exclude(func(int) bool { return false })
		for _, r := range b.Next() {
			if slices.Contains(first, r) {
				t.Fatalf("row %d comes twice in an epoch after nothing was excluded", r)
			}
		}
		gone := first[0]
		b.Exclude(func(r int) bool { return r == gone })
		seen := map[int]bool{}
		for range 3 { // 9 of the 11 remaining rows, and a tail of 2
			for _, r := range b.Next() {
				seen[r] = true
			}
		}
		if len(seen) != 9 || seen[gone] {
			t.Fatalf("an epoch of 3 batches after an exclusion holds %d rows, %d among them: %v",
				len(seen), gone, seen[gone])
		}
		b.Exclude(func(r int) bool { return r > 1 && r != gone }) // fewer than a batch remain
		if n := len(b.Next()); n != len(slices.Compact(slices.Sorted(slices.Values(b.Next())))) ||
			n > 2 {
			t.Fatalf("a pool of at most two rows gives batches of %d", n)
		}
		b.Exclude(func(int) bool { return true })
		if len(b.Next()) == 0 {
			t.Fatal("the last rows were excluded")
		}
	}
}

// TestExcludedEpochIsShuffled: the epoch after an exclusion has a new order, in which each
// remaining row is first equally often (chi-square), not that of the epoch before.
func TestExcludedEpochIsShuffled(t *testing.T) {
	const streams, n = 4000, 12
	first := make([]float64, n)
	kept := 0
	for stream := range streams {
		b := NewBatches(n, 1, false, bench.NewStream(1, "batches", stream))
		before := b.Next()[0]
		second := b.Next()[0]
		b.Exclude(func(r int) bool { return r == before })
		r := b.Next()[0]
		first[(r-before+n)%n]++ // by distance from the excluded row
		if r == second {
			kept++
		}
	}
	chi, want := 0.0, streams/float64(n-1)
	for _, v := range first[1:] {
		chi += (v - want) * (v - want) / want
	}
	// 10 degrees of freedom: sd 4.5. A count with p = 1/11 of 4,000: mean 364, sd 18.
	if first[0] != 0 || chi > 10+6*4.5 || math.Abs(float64(kept)-364) > 6*18 {
		t.Errorf("rows come first %v times, chi-square %.1f; the row that came next comes first %d "+
			"times", first, chi, kept)
	}
}

// TestFirstBatch must never change: published results depend on it.
func TestFirstBatch(t *testing.T) {
	got := fmt.Sprint(NewBatches(54679, 5, false, bench.NewStream(2019, "batches")).Next())
	if want := "[5246 20193 28499 54206 19870]"; got != want {
		t.Errorf("the first rows of seed 2019 are %s, want %s", got, want)
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	n := NewNet([]int{20, 8, 20}, []Activation{ReLU, Linear}, bench.NewStream(1, "test"))
	p, s := n.NewPass(16), RMSprop{}.Slots(len(n.Params))
	b := NewBatches(100, 16, false, bench.NewStream(1, "batches"))
	step := func() {
		clear(p.Input(len(b.Next())))
		p.Forward()
		clear(p.Delta(1))
		p.Backward(1, -1, nil)
		s.Step(n)
	}
	step()
	if a := testing.AllocsPerRun(50, step); a != 0 {
		t.Errorf("%g allocations a step", a)
	}
}
