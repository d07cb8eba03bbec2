package deep

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// phased is a DAE with all optional parts of a base: a Pretrainer's phases, a refreshed value,
// Adam, and a Failure.
type phased struct {
	*DAE
	log      []string
	refresh  float32 // the first parameter when it was last refreshed
	fail     error
	complain error
}

func newPhased(s Settings) *phased {
	dae := NewDAE(DAESettings{Settings: s, Noise: 0.1})
	dae.rule = nn.Adam{}
	return &phased{DAE: dae}
}

func (p *phased) Pretrain(_ context.Context, d bench.Data, s *Steps) error {
	for range 3 {
		p.Forward(Training, d, s.Next())
		loss := p.Backward(1, nil)
		p.Step()
		if err := s.Done(loss); err != nil {
			return err
		}
	}
	p.log = append(p.log, "phases")
	return nil
}

func (p *phased) Refresh(_ context.Context, d bench.Data) error {
	p.log = append(p.log, fmt.Sprint("refresh ", d.Rows()))
	p.refresh = p.net.Params[0]
	return p.fail
}

func (p *phased) Failure() error { return p.complain }

func (p *phased) Snapshot(w io.Writer) error {
	return errors.Join(p.DAE.Snapshot(w), binary.Write(w, binary.LittleEndian, p.refresh))
}

func (p *phased) Restore(r io.Reader) error {
	return errors.Join(p.DAE.Restore(r), binary.Read(r, binary.LittleEndian, &p.refresh))
}

// TestRerankedIsEqualCompute (U15): after each round a reranked base equals, bit by bit, the base
// pre-trained for additional steps, as many as a UaiNet takes in its rounds, whatever the labels;
// and its count of steps equals the UaiNet's.
func TestRerankedIsEqualCompute(t *testing.T) {
	d, ctx := toy(60, 5, 3), context.Background()
	for name, make := range everyBase() {
		r := NewReranked(make(small(5)), small(5), 7)
		u := NewUAI(make(small(5)), small(5), UAISettings{Round: 7})
		for round, l := range []bench.Labels{{}, someLabels(3), someLabels(6)} {
			for _, m := range []bench.Learner{r, u} {
				if err := m.Train(ctx, d, l); err != nil {
					t.Fatal(name, err)
				}
			}
			longer := small(5)
			longer.Pretrain = 30 + 7*round
			want := NewUnsupervised(make(longer), longer)
			if err := want.Fit(ctx, d); err != nil {
				t.Fatal(name, err)
			}
			if !slices.Equal(scoresOf(t, r, d, nil, bench.HeadBase),
				scoresOf(t, want, d, nil, bench.HeadBase)) {
				t.Errorf("%s, round %d: not the base after %d steps", name, round, longer.Pretrain)
			}
			if got, want := r.Counts()["steps"], u.Counts()["steps"]; got != want {
				t.Errorf("%s, round %d: %d steps, the UaiNet takes %d", name, round, got, want)
			}
		}
	}
}

// keeper is a PretrainingCache that keeps the first pre-training for ever.
type keeper struct {
	kept    []byte
	trained int
}

func (k *keeper) Get(ctx context.Context,
	train func(context.Context) ([]byte, error)) (_ []byte, err error) {
	if k.kept == nil {
		k.trained++
		k.kept, err = train(ctx)
	}
	return k.kept, err
}

func (k *keeper) Release() {}

// TestPhasesAndRefresh: phases run once, before the steps of the base loss, and count; the refresh
// comes after the pre-training and after each round, of the base on its own and under a UAI layer;
// a model that takes over a pre-training does neither and continues with the same bits and counts.
func TestPhasesAndRefresh(t *testing.T) {
	ctx := context.Background()
	d := toy(60, 5, 3)
	l := bench.Labels{Index: []int{1, 2}, Anomaly: []bool{true, false}}
	set := small(1)
	set.Cache = &keeper{}
	var scores [][]float64
	for _, want := range [][]string{{"phases", "refresh 60", "refresh 60"}, {"refresh 60"}} {
		p := newPhased(set)
		u := NewUAI(p, set, UAISettings{Round: 4})
		if err := u.Train(ctx, d, bench.Labels{}); err != nil {
			t.Fatal(err)
		}
		if p.refresh != p.net.Params[0] || p.refresh == 0 {
			t.Errorf("refreshed at %g, the pre-training ended at %g", p.refresh, p.net.Params[0])
		}
		if err := u.Train(ctx, d, l); err != nil {
			t.Fatal(err)
		}
		if p.refresh != p.net.Params[0] {
			t.Error("not refreshed after the round")
		}
		if !slices.Equal(p.log, want) {
			t.Errorf("%v, want %v", p.log, want)
		}
		if c := u.Counts()["steps"]; c != 3+30+4 {
			t.Errorf("%d steps, want 37", c)
		}
		scores = append(scores, scoresOf(t, u, d, nil, bench.HeadTrained))
	}
	if !slices.Equal(scores[0], scores[1]) {
		t.Error("a pre-training that was taken over goes on differently")
	}
	set.Cache = nil
	p := newPhased(set)
	r := NewReranked(p, set, 2)
	for _, l := range []bench.Labels{{}, l, l} {
		if err := r.Train(ctx, d, l); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"phases", "refresh 60", "refresh 60", "refresh 60"}; !slices.Equal(p.log,
		want) {
		t.Errorf("reranked: %v, want %v", p.log, want)
	}
}

// TestLengthOfPretraining: in steps, in epochs (a last partial batch counts as a step), none.
func TestLengthOfPretraining(t *testing.T) {
	d := toy(60, 5, 3)
	for _, c := range []struct {
		epochs    int
		untrained bool
		want      int64
	}{{0, false, 3 + 30}, {5, false, 3 + 5*4}, {5, true, 0}} {
		set := small(1)
		set.Epochs, set.Untrained = c.epochs, c.untrained
		p := newPhased(set)
		u := NewUnsupervised(p, set)
		if err := u.Fit(context.Background(), d); err != nil {
			t.Fatal(err)
		}
		if got := u.Counts()["steps"]; got != c.want {
			t.Errorf("%d epochs of 60 rows in batches of 16, untrained %v: %d steps, want %d",
				c.epochs, c.untrained, got, c.want)
		}
		if p.log[len(p.log)-1] != "refresh 60" {
			t.Errorf("untrained %v: not refreshed", c.untrained)
		}
	}
}

// TestFailuresAreReported: a refresh that fails, a step that fails for a known reason, and a phase that
// diverges or is cancelled each end the training with an error that names the step.
func TestFailuresAreReported(t *testing.T) {
	d := toy(60, 5, 3)
	huge := toy(60, 5, 3)
	for i := range huge.X.Data {
		huge.X.Data[i] *= 1e30
	}
	stop, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		d    bench.Data
		p    phased
		want string
	}{
		{context.Background(), d, phased{fail: errors.New("a component died")},
			"after step 33: a component died"},
		{context.Background(), huge, phased{complain: errors.New("row 3 is huge")},
			"training diverged at step 1: row 3 is huge"},
		{context.Background(), huge, phased{}, "training diverged at step 1: the loss is +Inf"},
		{stop, d, phased{}, "context canceled"},
	} {
		p := newPhased(small(1))
		p.fail, p.complain = c.p.fail, c.p.complain
		err := NewUnsupervised(p, small(1)).Fit(c.ctx, c.d)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q in it", err, c.want)
		}
	}
}
