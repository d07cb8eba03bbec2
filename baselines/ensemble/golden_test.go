package ensemble

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/internal/peer"
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
)

// goldenData returns a data set of the scripts in testdata, by the same formulas.
func goldenData(name string) (bench.Data, []bool) {
	var x []float64
	var y []bool
	switch name {
	case "blob":
		u := peer.Uniform(1)
		for i := range 1000 {
			out := i%20 == 0
			for range 4 {
				if out {
					x = append(x, 4*u.Next()-2)
				} else {
					x = append(x, 0.5*u.Bell())
				}
			}
			y = append(y, out)
		}
	case "levels":
		u := peer.Uniform(2)
		for i := range 700 {
			out := i%35 == 3
			for range 4 {
				x = append(x, math.Floor(4*u.Next()*u.Next()))
			}
			x = append(x, 7)
			if out {
				x[i*5+i%4] = 5
			}
			y = append(y, out)
		}
	case "wide":
		u := peer.Uniform(3)
		for i := range 200 {
			out := i%10 == 1
			for range 20 {
				b := u.Bell()
				x = append(x, b*b*b)
			}
			if out {
				x[i*20+3] += 2.5
				x[i*20+11] -= 2.5
			}
			y = append(y, out)
		}
	case "decoys":
		u := peer.Uniform(4)
		for i := range 1200 {
			for range 5 {
				if i%25 == 7 {
					x = append(x, 6*u.Next()-3)
				} else {
					x = append(x, 0.5*u.Bell())
				}
			}
			if i%25 == 12 {
				x[i*5+1] += 1.25
				x[i*5+4] -= 1.25
			}
			y = append(y, i%25 == 12)
		}
	}
	d := bench.Data{X: bench.NewMatrix(len(y), len(x)/len(y))}
	for i, v := range x {
		d.X.Data[i] = float32(v)
	}
	return d, y
}

type moments struct{ Mean, SD []float64 }

func momentsOf(samples [][]float64) moments {
	var m moments
	n := float64(len(samples))
	for j := range samples[0] {
		sum, sq := 0.0, 0.0
		for _, s := range samples {
			sum += s[j]
		}
		for _, s := range samples {
			sq += (s[j] - sum/n) * (s[j] - sum/n)
		}
		m.Mean = append(m.Mean, sum/n)
		m.SD = append(m.SD, math.Sqrt(sq/(n-1)))
	}
	return m
}

// quantile returns the quantile as NumPy does, with linear interpolation.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-2)
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// TestAgainstScikitLearn compares the forest with scikit-learn's over the same number of seeds:
// ROC-AUC, mean and deciles of the scores, and the scores of single rows agree within the noise
// between scikit-learn's seeds.
func TestAgainstScikitLearn(t *testing.T) {
	var golden struct {
		Seeds int
		Data  map[string]struct {
			Rows                int
			Sum                 float64
			AUC, Spread, Scores moments
		}
	}
	peer.Read(t, "iforest_golden.json", &golden)
	if len(golden.Data) != 3 {
		t.Fatalf("%d data sets", len(golden.Data))
	}
	for name, want := range golden.Data {
		d, truth := goldenData(name)
		sum := 0.0
		for _, v := range d.X.Data {
			sum += float64(v)
		}
		if d.Rows() != want.Rows || math.Abs(sum-want.Sum) > 1e-6 {
			t.Fatalf("%s: %d rows of sum %.9f, want %d of %.9f: not the same data", name, d.Rows(),
				sum, want.Rows, want.Sum)
		}
		var auc, spread, scores [][]float64
		for seed := range uint64(golden.Seeds) {
			s := fitScore(t, NewIForest(ForestSettings{Seed: seed}), d)
			a, _ := metric.ROCAUC(s, truth)
			auc = append(auc, []float64{a})
			scores = append(scores, slices.Clone(s[:len(want.Scores.Mean)]))
			sorted, mean := slices.Sorted(slices.Values(s)), 0.0
			for _, v := range s {
				mean += v / float64(len(s))
			}
			sp := []float64{mean}
			for p := range 11 {
				sp = append(sp, quantile(sorted, float64(p)/10))
			}
			spread = append(spread, sp)
		}
		compare(t, name+" AUC", momentsOf(auc), want.AUC, golden.Seeds)
		compare(t, name+" spread", momentsOf(spread), want.Spread, golden.Seeds)
		compare(t, name+" row", momentsOf(scores), want.Scores, golden.Seeds)
	}
}

// compare fails if the means of two samples of n differ by more than 4.5 standard errors, or their
// standard deviations by more than chance: a ratio beyond 2.2 has probability below 1e-5 at n = 40.
// There are 219 comparisons of each kind, so a correct program fails with probability below 1 in
// 100.
func compare(t *testing.T, what string, got, want moments, n int) {
	t.Helper()
	for i, m := range want.Mean {
		if e := math.Hypot(got.SD[i],
			want.SD[i]) / math.Sqrt(float64(n)); math.Abs(got.Mean[i]-m) > 4.5*e+1e-9 {
			t.Errorf("%s %d: mean %.6f, scikit-learn's is %.6f, standard error %.6f", what, i,
				got.Mean[i], m, e)
		}
		if got.SD[i] > 2.2*want.SD[i]+1e-9 || want.SD[i] > 2.2*got.SD[i]+1e-9 {
			t.Errorf("%s %d: standard deviation %.6f, scikit-learn's is %.6f", what, i, got.SD[i],
				want.SD[i])
		}
	}
}

func fitScore(t *testing.T, m bench.Detector, d bench.Data) []float64 {
	t.Helper()
	ctx := context.Background()
	if err := m.Fit(ctx, d); err != nil {
		t.Fatal(err)
	}
	s := make([]float64, d.Rows())
	if _, err := m.Scores(ctx, s, d, nil, bench.HeadBase); err != nil {
		t.Fatal(err)
	}
	return s
}

// given is an ensemble with given member values of all rows: each row has its own slot.
type given struct {
	at    [][]int32   // member j's only feature: j
	value [][]float64 // T x n
}

func (g *given) members() int                            { return len(g.value) }
func (g *given) slots(int) int                           { return len(g.value[0]) }
func (g *given) features() int                           { return 1 }
func (g *given) workers() int                            { return 1 }
func (g *given) newScratch() any                         { return nil }
func (g *given) fit(context.Context, bench.Data) error   { return nil }
func (g *given) prepare()                                {}
func (g *given) weights() int                            { return len(g.value) }
func (g *given) entries(j, row int) ([]int32, []float64) { return g.at[j], g.value[j][row : row+1] }
func (g *given) code(dst []uint16, _ bench.Data, rows []int32, _ any) {
	for j := range g.value {
		for i, r := range rows {
			dst[j*blockRows+i] = uint16(r)
		}
	}
}

// goldenMembers returns members() of testdata/aad_golden.py, less shift.
func goldenMembers(shift float64) (*given, []bool) {
	const n, members = 240, 12
	g, y, u := &given{}, make([]bool, n), peer.Uniform(5)
	for j := range members {
		g.at = append(g.at, []int32{int32(j)})
		g.value = append(g.value, make([]float64, n))
	}
	for i := range n {
		for j := range members {
			v := 2 + u.Bell()
			if i%12 == j%3 {
				v += 1.5 * u.Next()
			}
			g.value[j][i] = v - shift
		}
		y[i] = i%12 == 1
	}
	return g, y
}

// rounds are the rows audited in turn, and the weights after each round.
type rounds struct {
	Audited []int
	Weights [][]float64
}

// aadGolden reads testdata/aad_golden.json.
func aadGolden(t *testing.T) (golden struct {
	Seeds, K int
	Rounds   map[string][2]rounds // with the anomalies, and with none
	Data     map[string]map[string]moments
}) {
	t.Helper()
	peer.Read(t, "aad_golden.json", &golden)
	return golden
}

// TestWeightsOfAADAuthors: on the same features the audited rows, and the weights after each of 12
// rounds, are those of the AAD authors' own code, whether anomalies are found or not.
func TestWeightsOfAADAuthors(t *testing.T) {
	golden := aadGolden(t)
	for id, shift := range map[string]float64{"tree_aad": 6, "loda_aad": 0} {
		for i, name := range []string{"found", "nothing found"} {
			t.Run(id+", "+name, func(t *testing.T) {
				set := TreeAADSettings()
				if id == "loda_aad" {
					set = LODAAADSettings()
				}
				set.RMSprop.Forget = true // as in their code
				g, truth := goldenMembers(shift)
				if name == "nothing found" {
					clear(truth)
				}
				sameWeights(t, newAAD(g, set), truth, golden.K, golden.Rounds[id][i])
			})
		}
	}
}

func sameWeights(t *testing.T, a *AAD, truth []bool, k int, want rounds) {
	d := bench.Data{X: bench.NewMatrix(len(truth), 1)}
	for i := range d.X.Data {
		d.X.Data[i] = float32(i)
	}
	var l bench.Labels
	if err := a.Train(t.Context(), d, l); err != nil {
		t.Fatal(err)
	}
	scores := make([]float64, d.Rows())
	for round, weights := range want.Weights {
		if _, err := a.Scores(t.Context(), scores, d, nil, bench.HeadTrained); err != nil {
			t.Fatal(err)
		}
		for range k {
			best := -1
			for i, s := range scores {
				if !slices.Contains(l.Index, i) && (best < 0 || s > scores[best]) {
					best = i
				}
			}
			l.Index, l.Anomaly = append(l.Index, best), append(l.Anomaly, truth[best])
		}
		if got := l.Index; !slices.Equal(got, want.Audited[:len(got)]) {
			t.Fatalf("round %d: audited %v, want %v", round, got, want.Audited[:len(got)])
		}
		if err := a.Train(t.Context(), d, l); err != nil {
			t.Fatal(err)
		}
		for j, w := range weights {
			if got := a.w[a.compact[j]]; math.Abs(got-w) > 1e-9 {
				t.Errorf("round %d: w[%d] = %.12f, want %.12f", round, j, got, w)
			}
		}
	}
}

// TestAgainstAADAuthors compares Tree-AAD and LODA-AAD, including their audits, with the AAD
// authors' own code by the number of anomalies found after each round.
func TestAgainstAADAuthors(t *testing.T) {
	golden := aadGolden(t)
	methods := map[string]func(seed uint64) bench.Learner{
		"tree_aad": func(seed uint64) bench.Learner {
			s := TreeAADSettings()
			s.Seed = seed
			return NewTreeAAD(ForestSettings{Seed: seed}, s)
		},
		"loda_aad": func(seed uint64) bench.Learner {
			s := LODAAADSettings()
			s.Seed = seed
			return NewLODAAAD(LodaSettings{Seed: seed}, s)
		},
	}
	for name, of := range golden.Data {
		for id, want := range of {
			t.Run(name+" "+id, func(t *testing.T) {
				t.Parallel()
				sameFound(t, name, methods[id], golden.K, golden.K, want, golden.Seeds)
			})
		}
	}
}

// TestAgainstFIFAuthors makes the same comparison for FIF, one audit at a time.
func TestAgainstFIFAuthors(t *testing.T) {
	var golden struct {
		Forests int
		Data    map[string]moments
	}
	peer.Read(t, "fif_golden.json", &golden)
	if len(golden.Data) != 3 {
		t.Fatalf("%d data sets", len(golden.Data))
	}
	for name, want := range golden.Data {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sameFound(t, name, func(seed uint64) bench.Learner {
				return NewFIF(FIFSettings{Forest: ForestSettings{Seed: seed}})
			}, 1, 10, want, golden.Forests)
		})
	}
}

// sameFound compares the mean number of anomalies found, after each multiple of each audits and
// with k audits a round, over ten seeds with a peer's over n seeds, within 4.5 standard errors.
func sameFound(t *testing.T, data string, learner func(seed uint64) bench.Learner, k, each int,
	want moments, n int) {
	const seeds = 10
	d, truth := goldenData(data)
	var found [][]float64
	for seed := range uint64(seeds) {
		l, _ := audit(t, learner(seed), d, truth, each*len(want.Mean), k)
		var curve []float64
		sum := 0.0
		for i, anomaly := range l.Anomaly {
			if anomaly {
				sum++
			}
			if (i+1)%each == 0 {
				curve = append(curve, sum)
			}
		}
		found = append(found, curve)
	}
	got := momentsOf(found)
	for i, m := range want.Mean {
		e := math.Hypot(got.SD[i]/math.Sqrt(seeds), want.SD[i]/math.Sqrt(float64(n)))
		if math.Abs(got.Mean[i]-m) > 4.5*e+1e-9 {
			t.Errorf("after %d audits %.3f are found, the peer finds %.3f, standard error %.3f",
				each*(i+1), got.Mean[i], m, e)
		}
	}
	t.Logf("found %.1f, the peer %.1f", got.Mean, want.Mean)
}
