package deep

import (
	"context"
	"fmt"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// operations counts a pass over one row, two for each multiply-add. A step computes the forward
// pass and both gradients, except the input's; scoring is the forward pass.
func operations(n *nn.Net) (step, score float64) {
	for i, l := range n.Layers {
		f := 2 * float64(l.In*l.Out)
		score += f
		step += 2 * f
		if i > 0 {
			step += f
		}
	}
	return step, score
}

func mnistShaped() bench.Data { return toy(4096, 784, 9) }

func paperModels() map[string]func() (Base, *network) {
	return map[string]func() (Base, *network){
		"dae":   func() (Base, *network) { m := NewDAE(DAESettings{Noise: 0.1}); return m, &m.network },
		"class": func() (Base, *network) { m := NewClass(Settings{}); return m, &m.network },
	}
}

// BenchmarkStep: one pre-training step of the paper's networks on 784 features, batch 256. A sick
// network is spoilt again now and then, as some recover.
func BenchmarkStep(b *testing.B) {
	for name, make := range paperModels() {
		b.Run("model="+name, func(b *testing.B) {
			base, net := make()
			benchmarkStep(b, base, net, func(*network) {})
		})
	}
	for name, s := range sick {
		b.Run("model="+name, func(b *testing.B) {
			m := NewDAE(DAESettings{Settings: s.settings, Noise: 0.1})
			benchmarkStep(b, m, &m.network, s.spoil)
		})
	}
}

func benchmarkStep(b *testing.B, base Base, net *network, spoil func(*network)) {
	u := NewUnsupervised(base, net.set)
	d := mnistShaped()
	if err := u.prepare(d); err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	spoil(net)
	if err := u.pretrain(ctx, d, 3); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for done := 0; done < b.N; done += 16 {
		spoil(net)
		if err := u.pretrain(ctx, d, min(16, b.N-done)); err != nil {
			b.Fatal(err)
		}
	}
	step, _ := operations(net.net)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
	b.ReportMetric(step*256*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// BenchmarkScore: s of 4,096 rows.
func BenchmarkScore(b *testing.B) {
	for name, make := range paperModels() {
		b.Run("model="+name, func(b *testing.B) {
			base, net := make()
			u := NewUnsupervised(base, Settings{})
			d := mnistShaped()
			ctx := context.Background()
			if err := u.prepare(d); err != nil {
				b.Fatal(err)
			}
			dst := []float64{}
			dst = append(dst, doubles(d.X.Data[:d.Rows()])...)
			b.ResetTimer()
			for range b.N {
				if err := u.baseScores(ctx, dst, d, nil); err != nil {
					b.Fatal(err)
				}
			}
			_, score := operations(net.net)
			rows := float64(b.N) * float64(d.Rows())
			b.ReportMetric(rows/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(score*rows/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}

// TestStepAllocatesNothing: neither pre-training nor a joint round, once warm, allocates.
func TestStepAllocatesNothing(t *testing.T) {
	d := toy(600, 20, 3)
	for _, threads := range []int{1, 2} {
		stepAllocates(t, d, threads)
	}
}

func stepAllocates(t *testing.T, d bench.Data, threads int) {
	set := Settings{Hidden: []int{8, 3}, Batch: 16, Seed: 1, Pretrain: 1, Threads: threads}
	dae := NewDAE(DAESettings{Settings: set, Noise: 0.1})
	dagmm := NewDAGMM(DAGMMSettings{Settings: set})
	bases := map[string]Base{"DAE": dae, "Class": NewClass(set), "DAGMM": dagmm}
	options := map[string]UAISettings{}
	for name, make := range compared {
		bases[name] = make(set)
	}
	for _, o := range []UAISettings{{Separate: true}, {UAIOnly: true},
		{UAIOnly: true, Separate: true, Labelled: Members}} {
		for name, make := range compared {
			bases[fmt.Sprintf("%s, %+v", name, o)] = make(set)
			options[fmt.Sprintf("%s, %+v", name, o)] = o
		}
	}
	for name, base := range bases {
		o := options[name]
		o.Round = 3
		u := NewUAI(base, set, o)
		ctx := context.Background()
		l := bench.Labels{}
		for i := range 40 {
			l.Index = append(l.Index, 3*i)
			l.Anomaly = append(l.Anomaly, i%4 == 0)
		}
		if err := u.Train(ctx, d, bench.Labels{}); err != nil {
			t.Fatal(err)
		}
		if err := u.Train(ctx, d, l); err != nil {
			t.Fatal(err)
		}
		if a := testing.AllocsPerRun(5, func() { u.pretrain(ctx, d, 1) }); a != 0 {
			t.Errorf("%s, %d threads: %g allocations in a step of pre-training", name, threads, a)
		}
		if a := testing.AllocsPerRun(5, func() { u.step(0, d, l) }); a != 0 {
			t.Errorf("%s, %d threads: %g allocations in a step of a round", name, threads, a)
		}
	}
}

// BenchmarkDAGMMStep: one step with the published settings of KDDCUP, 120-60-30-10-1 and 4
// components, on batches of 1,024.
func BenchmarkDAGMMStep(b *testing.B) {
	set := Settings{Hidden: []int{60, 30, 10, 1}, Batch: 1024}
	m := NewDAGMM(DAGMMSettings{Settings: set, Components: 4})
	u := NewUnsupervised(m, set)
	d := toy(4096, 120, 2)
	if err := u.prepare(d); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	if err := u.pretrain(context.Background(), d, b.N); err != nil {
		b.Fatal(err)
	}
	step, _ := operations(m.net)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "steps/s")
	b.ReportMetric(step*1024*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}
