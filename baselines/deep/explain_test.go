package deep

import (
	"bytes"
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// TestExplain: a feature's contribution is its value times the central difference, in float64, of
// the score in it: of s, of the logit with s fixed (through l), and of the logit with l fixed
// (through s).
func TestExplain(t *testing.T) {
	d := toy(30, 9, 4)
	labels := bench.Labels{Index: []int{2, 5, 9, 13}, Anomaly: []bool{true, false, false, true}}
	rows := []int{3, 0, 29, 7, 7, 11, 12, 13, 14, 15} // more than a batch
	for _, act := range []nn.Activation{nn.Tanh, nn.Sigmoid} {
		dcn := NewDCN(DCNSettings{AutoencoderSettings: AutoencoderSettings{Settings: Settings{Hidden: []int{6, 5, 3}, Activation: act, Batch: 8, Seed: 3}}, Clusters: 3, Restarts: 2, Every: 100, Count: 10, Lambda: 1})
		distance := func(_ bench.Data, _ int, outs [][]float64) float64 {
			best := math.Inf(1)
			for c := 0; c < len(dcn.centres); c += 3 {
				sum := 0.0
				for j, l := range outs[dcn.latent] {
					e := l - float64(dcn.centres[c+j])
					sum += e * e
				}
				best = min(best, sum)
			}
			return math.Sqrt(best)
		}
		for _, m := range append(models(act),
			model{"DCN", dcn, func() *network { return &dcn.network }, distance}) {
			for _, o := range []UAISettings{{}, {Head: []int{6}}, {Score: LogScore},
				{Score: Standardized}} {
				o.Round = 3
				set := m.net().set
				set.Pretrain = 5
				u := NewUAI(m.base, set, o)
				for _, l := range []bench.Labels{{}, labels} {
					if err := u.Train(context.Background(), d, l); err != nil {
						t.Fatal(m.name, err)
					}
				}
				explained(t, m, u, d, rows)
			}
		}
	}
}

func explained(t *testing.T, m model, u *UAI, d bench.Data, rows []int) {
	t.Helper()
	net, cols := m.net().net, d.X.Cols
	params, layer := doubles(net.Params), doubles(u.layer.Params)
	scale := func(s float64) float64 {
		switch u.opt.Score {
		case LogScore:
			return math.Log1p(s)
		case Standardized:
			return (s - float64(u.moments.mean)) / float64(u.moments.std)
		}
		return s
	}
	var e bench.Explainer = u
	if err := e.Explains(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bench.Head{bench.HeadTrained, bench.HeadBase} {
		l, s := make([]float64, len(rows)*cols), make([]float64, len(rows)*cols)
		l[0] = 1 // a stale value
		if err := e.Explain(context.Background(), l, s, d, rows, want); err != nil {
			t.Fatal(err)
		}
		if want == bench.HeadBase &&
			slices.ContainsFunc(l, func(v float64) bool { return v != 0 }) {
			t.Errorf("%s: something acts on s through l", m.name)
		}
		// float32 gradients against differences whose error is of the order h² f‴.
		for i, r := range rows {
			at := func(j int, step float32) (lat []float64, s float64) {
				x := d.X.Row(r)
				keep := x[j]
				x[j] += step // exact in float32
				outs := eval(net, params, doubles(x))
				s = m.score(d, r, outs)
				x[j] = keep
				return outs[m.net().latent], s
			}
			l0, s0 := at(0, 0)
			var gotL, gotS, wantL, wantS []float64
			largest := 0.0
			for j, x := range d.X.Row(r) {
				const h = 1.0 / 1024
				above, below := x+h, x-h
				la, sa := at(j, above-x)
				lb, sb := at(j, below-x)
				per := float64(x) / (float64(above) - float64(below))
				throughL := per * (logit(u.layer, layer, la, scale(s0)) - logit(u.layer, layer, lb,
					scale(s0)))
				throughS := per * (logit(u.layer, layer, l0, scale(sa)) - logit(u.layer, layer, l0,
					scale(sb)))
				if want == bench.HeadBase {
					throughL, throughS = 0, per*(sa-sb)
				}
				gotL, gotS = append(gotL, l[i*cols+j]), append(gotS, s[i*cols+j])
				wantL, wantS = append(wantL, throughL), append(wantS, throughS)
				largest = max(largest, math.Abs(throughL), math.Abs(throughS))
			}
			for j := range gotL {
				if math.Abs(gotL[j]-wantL[j]) > 1e-3*largest ||
					math.Abs(gotS[j]-wantS[j]) > 1e-3*largest {
					t.Errorf("%s, %+v, %v: row %d, feature %d: %g through l, %g through s; "+
						"differences %g, %g (largest %g)",
						m.name, u.opt, want, r, j, gotL[j], gotS[j], wantL[j], wantS[j], largest)
					return
				}
			}
			if largest == 0 {
				t.Errorf("%s: nothing drives row %d", m.name, r)
			}
		}
	}
}

// TestExplainIsPure: explaining changes neither the model nor its later training. Bases without
// slopes, and noisy scores, return an error.
func TestExplainIsPure(t *testing.T) {
	d, ctx := toy(100, 9, 4), context.Background()
	for name, make_ := range everyBase() {
		run := func(looks int) []byte {
			u := NewUAI(make_(small(5)), small(5), UAISettings{Round: 5, Head: []int{4}})
			for _, n := range []int{0, 3, 6} {
				if err := u.Train(ctx, d, someLabels(n)); err != nil {
					t.Fatal(name, err)
				}
				for range looks {
					out := make([]float64, 2*9*20)
					if err := u.Explain(ctx, out[:9*20], out[9*20:], d, someLabels(20).Index,
						bench.HeadTrained); err != nil {
						t.Fatal(name, err)
					}
				}
			}
			var b bytes.Buffer
			if err := u.Snapshot(&b); err != nil {
				t.Fatal(err)
			}
			return b.Bytes()
		}
		u := NewUAI(make_(small(5)), small(5), UAISettings{})
		_, can := u.base.(Explained)
		if want := name != "DAGMM" && name != "DSEBM-e" && name != "DSEBM-r"; can != want ||
			(u.Explains() == nil) != want {
			t.Errorf("%s: explained %v", name, can)
		}
		if can && !bytes.Equal(run(0), run(2)) {
			t.Errorf("%s: explaining changes the model", name)
		}
	}
	noisy := DAESettings{Settings: small(1), Noise: 0.1, NoisyScore: true}
	if NewUAI(NewDAE(noisy), small(1), UAISettings{}).Explains() == nil {
		t.Error("noisy scores are explained")
	}
}
