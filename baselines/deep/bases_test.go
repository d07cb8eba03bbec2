package deep

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// compared are the bases of the paper's comparison, each with every part that has a state.
var compared = map[string]func(Settings) Base{
	"PAE": func(s Settings) Base {
		return NewPAE(AutoencoderSettings{Settings: s, LayerSteps: 6, Corruption: 0.25})
	},
	"PAE, Gaussian corruption": func(s Settings) Base {
		return NewPAE(AutoencoderSettings{Settings: s, LayerSteps: 6, Corruption: 0.1,
			Gaussian: true})
	},
	"DAGMM":   func(s Settings) Base { return NewDAGMM(DAGMMSettings{Settings: s, Adam: nn.Adam{Rate: 0.001}}) },
	"DSEBM-e": func(s Settings) Base { return NewDSEBM(DSEBMSettings{Settings: s, Noise: 0.1}) },
	"DSEBM-r": func(s Settings) Base { return NewDSEBM(DSEBMSettings{Settings: s, Noise: 0.1, Slope: true}) },
	"DCN": func(s Settings) Base {
		return NewDCN(DCNSettings{AutoencoderSettings: AutoencoderSettings{Settings: s,
			LayerSteps: 6, Corruption: 0.25}, EndSteps: 6, Lambda: 0.5, Every: 1})
	},
}

func someLabels(n int) (l bench.Labels) {
	for i := range n {
		l.Index = append(l.Index, 3*i)
		l.Anomaly = append(l.Anomaly, i%4 == 0)
	}
	return l
}

// growing means a number of threads that grows while a model trains.
const growing = 0

// growth returns a Settings.More that allows two more threads at each call, up to 8.
func growth() func() int {
	threads := 0
	return func() int {
		threads = min(threads+2, 8)
		return threads
	}
}

// TestComparedGolden: these digests must not change while the methods' versions are the same,
// whatever the kernel, number of threads or instruction set. They cover the parameters after the
// pre-training, and the scores and parameters after a round of joint steps.
func TestComparedGolden(t *testing.T) {
	want := map[string]string{
		"PAE":                      "c06f88c8c82101e9",
		"PAE, Gaussian corruption": "15d7f04b58b98adb",
		"DAGMM":                    "b961e78c9e48df0d",
		"DSEBM-e":                  "25eb11aac23d5dd2",
		"DSEBM-r":                  "6ecee1f8fc45e11a",
		"DCN":                      "272fe525ad85ee9f",
	}
	d := toy(200, 51, 3)
	ctx := context.Background()
	digest := func(t *testing.T, name string, threads int) string {
		set := Settings{Hidden: []int{37, 19, 5}, Batch: 31, Seed: 3, Pretrain: 20,
			Threads: threads}
		if threads == growing {
			set.More = growth()
		}
		base := compared[name](set)
		u := NewUAI(base, set, UAISettings{Round: 10})
		h := sha256.New()
		for _, l := range []bench.Labels{{}, someLabels(40)} {
			if err := u.Train(ctx, d, l); err != nil {
				t.Fatal(err)
			}
			fmt.Fprint(h, parametersDigest(t, base))
		}
		for _, head := range []bench.Head{bench.HeadBase, bench.HeadTrained} {
			if err := binary.Write(h, binary.LittleEndian,
				scoresOf(t, u, d, nil, head)); err != nil {
				t.Fatal(err)
			}
		}
		if threads == growing && u.set.Threads != 8 {
			t.Errorf("%s: grown to %d threads", name, u.set.Threads)
		}
		return fmt.Sprintf("%x", h.Sum(nil)[:8])
	}
	before := f32.Kernel()
	defer f32.Use(before)
	for _, kernel := range f32.Kernels() {
		if err := f32.Use(kernel); err != nil {
			t.Fatal(err)
		}
		for name := range compared {
			for _, threads := range []int{growing, 1, 2, 3, 8} {
				if kernel != before && threads > 2 {
					continue
				}
				if got := digest(t, name, threads); got != want[name] {
					t.Errorf("%s, %s, %d threads: digest %s, want %s", name, kernel, threads, got,
						want[name])
				}
			}
		}
	}
}

// TestComparedResume: a model that takes over a pre-training, or is restored from a snapshot between
// two rounds, continues with the same bits and counts.
func TestComparedResume(t *testing.T) {
	d := toy(100, 9, 4)
	ctx := context.Background()
	rounds := []bench.Labels{{}, someLabels(3), someLabels(6)}
	for name, make := range compared {
		finish := func(share PretrainingCache, cut bool) ([]float64, map[string]int64) {
			set := small(5)
			set.Cache = share
			u := NewUAI(make(set), set, UAISettings{Round: 7})
			for i, l := range rounds {
				if err := u.Train(ctx, d, l); err != nil {
					t.Fatal(name, err)
				}
				if cut && i == 1 {
					var b bytes.Buffer
					if err := u.base.Snapshot(&b); err != nil {
						t.Fatal(err)
					}
					fresh := make(set)
					if err := fresh.Prepare(d); err != nil {
						t.Fatal(err)
					}
					if err := fresh.Restore(&b); err != nil || b.Len() != 0 {
						t.Fatalf("%s: %v, %d bytes left", name, err, b.Len())
					}
					u.base = fresh
				}
			}
			return slices.Concat(scoresOf(t, u, d, nil, bench.HeadTrained),
				scoresOf(t, u, d, nil, bench.HeadBase)), u.Counts()
		}
		want, counts := finish(nil, false)
		share := &keeper{}
		for i, how := range []struct {
			share PretrainingCache
			cut   bool
		}{{nil, true}, {share, false}, {share, true}} {
			if got, c := finish(how.share, how.cut); !slices.Equal(got, want) ||
				!maps.Equal(c, counts) {
				t.Errorf("%s, way %d: scores %v, counts %v; want %v, %v", name, i, got[:3], c,
					want[:3], counts)
			}
		}
		// A snapshot that ends early, or has another shape, is an error.
		set := small(5)
		base := make(set)
		if err := base.Prepare(d); err != nil {
			t.Fatal(err)
		}
		if err := base.Restore(bytes.NewReader(share.kept[:40])); err == nil {
			t.Errorf("%s: a snapshot's first 40 bytes were taken", name)
		}
	}
}

// TestComparedFail: data whose squares overflow float32 end the training with an error that names
// the step; a cancelled training returns an error in every phase.
func TestComparedFail(t *testing.T) {
	ctx := context.Background()
	d, huge := toy(50, 5, 3), toy(50, 5, 3)
	for i := range huge.X.Data {
		huge.X.Data[i] *= 1e30
	}
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	for name, make := range compared {
		err := NewUnsupervised(make(small(1)), small(1)).Fit(ctx, huge)
		if err == nil || !strings.Contains(err.Error(), "training diverged at step 1:") {
			t.Errorf("%s: data of 1e30: %v", name, err)
		}
		if err := NewUnsupervised(make(small(1)), small(1)).Fit(stopped,
			d); err != context.Canceled {
			t.Errorf("%s: told to stop: %v", name, err)
		}
	}
}

// TestComparedDullData: constant columns and all-zero data are not an error (except for DCN, whose
// clusters need two different rows): all scores are finite.
func TestComparedDullData(t *testing.T) {
	constant := toy(50, 5, 3)
	for i := range 50 {
		constant.X.Data[5*i], constant.X.Data[5*i+3] = 0, 1
	}
	zero := bench.Data{X: bench.NewMatrix(50, 5)}
	nearly := bench.Data{X: bench.NewMatrix(50, 5)}
	nearly.X.Data[7] = 1
	for what, d := range map[string]bench.Data{"constant columns": constant, "zeroes": zero,
		"zeroes but one": nearly} {
		for name, make := range compared {
			if name == "DCN" && what == "zeroes" {
				continue // TestDCNCollapse
			}
			u := NewUnsupervised(make(small(1)), small(1))
			if err := u.Fit(context.Background(), d); err != nil {
				t.Errorf("%s, %s: %v", name, what, err)
				continue
			}
			for r, s := range scoresOf(t, u, d, nil, bench.HeadBase) {
				if s-s != 0 {
					t.Errorf("%s, %s: row %d scores %g", name, what, r, s)
				}
			}
		}
	}
}

// TestComparedLearn: on rows along a line in eight dimensions, one in twenty off it, each trained
// base ranks most of those first; an untrained one does not.
func TestComparedLearn(t *testing.T) {
	rng := bench.NewStream(4, "line").Rand()
	d := bench.Data{X: bench.NewMatrix(400, 8)}
	for i := range 400 {
		a := rng.Float64()
		for j := range 8 {
			v := a
			if j%2 == 1 {
				v = 1 - a
			}
			if i%20 == 0 && j%3 == 0 {
				v = rng.Float64()
			}
			d.X.Data[8*i+j] = float32(v)
		}
	}
	for name, make := range compared {
		if name == "DCN" || name == "DAGMM" {
			// DCN's score depends only on the distance along the line; DAGMM: TestDAGMMLearns
			continue
		}
		set := Settings{Hidden: []int{6, 1}, Batch: 50, Pretrain: 1500, Seed: 1}
		u := NewUnsupervised(make(set), set)
		if err := u.Fit(context.Background(), d); err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, r := range bench.Select(nil, scoresOf(t, u, d, nil, bench.HeadBase), 20) {
			if r%20 == 0 {
				found++
			}
		}
		t.Logf("%s: %d of 20", name, found)
		if found < 12 {
			t.Errorf("%s finds %d of the 20 rows off the line", name, found)
		}
	}
}
