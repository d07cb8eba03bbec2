package external

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// Checked is the result of one check of a program.
type Checked struct {
	What string
	Err  error // nil: passed
	Note string
}

// Check checks a program against the protocol on small made-up data, and calls report after each
// check. s is as for Program, except that Start is 30 s by default; Seed and Params may be empty.
// Check returns whether all checks passed, and ends early if the remaining ones are pointless.
func Check(ctx context.Context, s Settings, report func(Checked)) bool {
	if s.Start <= 0 {
		s.Start = 30 * time.Second
	}
	c := &checker{ctx: ctx, Settings: s, report: report, right: true}
	c.all()
	return c.right
}

// answerTime is the time limit for an answer on the small data.
const answerTime = 20 * time.Second

type checker struct {
	Settings
	ctx    context.Context
	report func(Checked)
	right  bool
}

// add reports the result of a check and returns whether it passed.
func (c *checker) add(what string, err error, note string) bool {
	c.right = c.right && err == nil
	c.report(Checked{what, err, note})
	return err == nil
}

// all runs the checks in order, without those that are pointless after a failure.
func (c *checker) all() {
	plain := c.try(c.Settings, checkData(64, 3), true, nil)
	note := ""
	if plain.err == nil {
		note = fmt.Sprintf("%s %s, %s", plain.program.Name, plain.program.Version, plain.kind())
	}
	if !c.add("is ready, scores 64 rows, takes labels over 3 rounds, ends with status 0", plain.err,
		strings.TrimSpace(note)) {
		return
	}
	if plain.memory > 0 {
		c.add("has its memory measured", nil, fmt.Sprintf("%d MiB at its peak", plain.memory>>20))
	}
	again := c.try(c.Settings, checkData(64, 3), true, nil)
	switch same := again.err == nil && slices.Equal(plain.scores, again.scores); {
	case plain.program.Deterministic && !same && again.err == nil:
		again.err = errors.New("it declares itself deterministic, but the same seed gives " +
			"different scores")
	case !plain.program.Deterministic && same:
		note = "the scores are the same: it could declare itself deterministic"
	default:
		note = ""
	}
	c.add("is as deterministic as declared", again.err, note)
	if plain.active {
		note = ""
		if slices.Equal(plain.first, plain.scores) {
			note = "labels changed no score: send \"active\":false if it does not learn"
		}
		c.add("learns from labels", nil, note)
	}
	other := c.Settings
	other.Seed += 1 << 62
	other.Threads = 2
	c.add("accepts a large seed and two threads", c.try(other, checkData(64, 3), true, nil).err, "")
	for _, odd := range []struct {
		what string
		data bench.Data
	}{
		{"one feature", checkData(20, 1)}, {"200 features of 10 rows", checkData(10, 200)},
		{"two rows", checkData(2, 2)}, {"rows that are all the same", constant(30, 3)},
		{"classes", classed(checkData(40, 2))},
	} {
		c.add("scores "+odd.what, c.try(c.Settings, odd.data, odd.data.Rows() > 10, nil).err, "")
	}
	if plain.saves {
		c.saving(plain)
	}
	c.add("ends when its standard input is closed", c.orphan(), "")
}

// conversation is the outcome of running a program.
type conversation struct {
	program       bench.ProgramInfo
	active, saves bool
	first, scores []float64
	memory        int64 // see bench.Weigher
	err           error
}

func (t conversation) kind() string {
	kind := "static"
	if t.active {
		kind = "active"
	}
	if t.program.Deterministic {
		kind += ", deterministic"
	}
	if t.saves {
		kind += ", saves itself"
	}
	return kind
}

// checkLabels are the labels of all rounds. Rounds 1 to 3 pass the first 0, 3 and 6.
var checkLabels = bench.Labels{Index: []int{0, 5, 1, 9, 7, 2},
	Anomaly: []bool{true, false, false, false, true, false}}

// try runs a program over three rounds with labels, or one without. between (nil: nothing) is
// called after the second round.
func (c *checker) try(s Settings, d bench.Data, labels bool,
	between func(bench.Learner) (bench.Learner, error)) (t conversation) {
	l, err := c.begin(s, d)
	if err != nil {
		t.err = err
		return t
	}
	defer func() { l.(bench.Aborter).Abort() }()
	rounds := []int{0}
	if labels {
		rounds = []int{0, 3, 6}
	}
	for i, n := range rounds {
		if i == 2 && between != nil {
			if l, t.err = between(l); t.err != nil {
				return t
			}
		}
		so := bench.Labels{Index: checkLabels.Index[:n], Anomaly: checkLabels.Anomaly[:n]}
		if t.scores, t.err = c.round(l, d, so); t.err != nil {
			t.err = fmt.Errorf("with %d labels: %w", n, t.err)
			return t
		}
		if i == 0 {
			t.first = t.scores
		}
	}
	t.program = l.(bench.Describer).Describe()
	_, static := l.(bench.Static)
	_, t.saves = l.(bench.Resumable)
	t.active = !static
	t.err = l.(io.Closer).Close()
	t.memory = l.(bench.Weigher).PeakMemory()
	return t
}

func (c *checker) begin(s Settings, d bench.Data) (bench.Learner, error) {
	return Program(s).(bench.Starter).Start(c.ctx, d)
}

func (c *checker) round(l bench.Learner, d bench.Data, labels bench.Labels) ([]float64, error) {
	ctx, cancel := context.WithTimeoutCause(c.ctx, answerTime,
		fmt.Errorf("it did not answer within %v", answerTime))
	defer cancel()
	if err := l.Train(ctx, d, labels); err != nil {
		return nil, err
	}
	scores := make([]float64, d.Rows())
	_, err := l.Scores(ctx, scores, d, nil, bench.HeadTrained)
	return scores, err
}

// saving checks that a restored program continues as if it had not been interrupted.
func (c *checker) saving(plain conversation) {
	d := checkData(64, 3)
	t := c.try(c.Settings, d, true, func(l bench.Learner) (bench.Learner, error) {
		var kept strings.Builder
		if err := l.(bench.Resumable).Snapshot(&kept); err != nil {
			return l, err
		}
		l.(bench.Aborter).Abort()
		next, err := c.begin(c.Settings, d)
		if err != nil {
			return l, err
		}
		so := bench.Labels{Index: checkLabels.Index[:3], Anomaly: checkLabels.Anomaly[:3]}
		return next, next.(bench.Resumable).Restore(c.ctx, d, so, strings.NewReader(kept.String()))
	})
	if t.err == nil && plain.program.Deterministic && !slices.Equal(t.scores, plain.scores) {
		t.err = errors.New("after save and load its scores differ")
	}
	c.add("resumes from where it saved itself", t.err, "")
}

// orphan checks that a program exits when its standard input is closed.
func (c *checker) orphan() error {
	l, err := c.begin(c.Settings, checkData(10, 2))
	if err != nil {
		return err
	}
	defer l.(bench.Aborter).Abort()
	p := sessionOf(l).p
	p.stdin.Close()
	select {
	case <-p.exited:
		return nil
	case <-time.After(5 * time.Second):
		return errors.New("it still runs 5 s after its standard input was closed")
	}
}

func sessionOf(l bench.Learner) *session {
	switch l := l.(type) {
	case static:
		return l.session
	case keeping:
		return l.session
	}
	return l.(*session)
}

// checkData returns a cloud of rows in which every 16th, from the first, has an outlying value.
func checkData(rows, cols int) bench.Data {
	x := bench.NewMatrix(rows, cols)
	for i := range x.Data {
		x.Data[i] = float32(math.Sin(float64(i*i+1))*0.1 + 0.5)
	}
	for i := 0; i < rows; i += 16 {
		x.Row(i)[i%cols] = 1
	}
	return bench.Data{X: x}
}

func constant(rows, cols int) bench.Data {
	x := bench.NewMatrix(rows, cols)
	for i := range x.Data {
		x.Data[i] = 0.25
	}
	return bench.Data{X: x}
}

func classed(d bench.Data) bench.Data {
	d.Classes, d.Class = 2, make([]int32, d.Rows())
	for i := range d.Class {
		d.Class[i] = int32(i % 2)
	}
	return d
}
