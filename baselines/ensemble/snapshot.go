package ensemble

import (
	"context"
	"fmt"
	"io"

	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// snapshotAAD is the fixed part of an AAD's snapshot. The ensemble, the codes of the pool and the
// features of labelled rows are not stored: Restore computes the same again.
type snapshotAAD struct {
	Known, Held, Compact              int64 // labels added; those of them in memory; len w
	Rounds, Epochs, Gradients, Looked int64
	Rescored                          int64
	Alpha                             int64 // len of the dual's variables
	Last                              float64
	Fresh                             bool
	Draws, Sweeps                     [32]byte // generators, after their length
}

// Snapshot: see bench.Resumable.
func (a *AAD) Snapshot(w io.Writer) error {
	s := snapshotAAD{
		Known: int64(a.known), Held: int64(len(a.rows)), Compact: int64(len(a.w)),
		Rounds: a.done.rounds, Epochs: a.done.epochs, Gradients: a.done.gradients,
		Looked:   a.done.rows,
		Rescored: a.rescored, Alpha: int64(len(a.dual.alpha)), Last: a.dual.last, Fresh: a.fresh,
	}
	for dst, p := range map[*[32]byte]state.Generator{&s.Draws: a.draws, &s.Sweeps: a.sweeps} {
		place, err := p.Source.MarshalBinary()
		if err != nil {
			return err
		}
		if len(place) >= len(dst) {
			panic("ensemble: a generator's state has grown")
		}
		dst[0] = byte(copy(dst[1:], place))
	}
	// The index of each weight in w depends on the order in which they were added.
	weights := make([]int32, len(a.w)-1)
	for p, at := range a.compact {
		if at > 0 {
			weights[at-1] = int32(p)
		}
	}
	return state.Write(w, s, weights, a.w, a.prior, a.dual.alpha)
}

// Restore: see bench.Resumable. It fits the ensemble again.
func (a *AAD) Restore(ctx context.Context, d bench.Data, l bench.Labels, r io.Reader) error {
	if err := a.start(ctx, d); err != nil {
		return err
	}
	var s snapshotAAD
	if err := state.Read(r, &s); err != nil {
		return err
	}
	if s.Held < 0 || s.Known < s.Held || s.Known > int64(l.Len()) || s.Compact < 1 ||
		s.Compact > int64(len(a.compact))+1 || s.Alpha < 0 || s.Alpha > 2*s.Known {
		return fmt.Errorf("ensemble: the snapshot is damaged: %d of %d labels, %d of %d "+
			"weights, %d variables",
			s.Held, s.Known, s.Compact-1, len(a.compact), s.Alpha)
	}
	weights := make([]int32, s.Compact-1)
	a.w, a.prior, a.dual.alpha = make([]float64, s.Compact), make([]float64,
		s.Compact), make([]float64, s.Alpha)
	if err := state.Read(r, weights, a.w, a.prior, a.dual.alpha); err != nil {
		return err
	}
	for i, p := range weights {
		if p < 0 || int(p) >= len(a.compact) || a.compact[p] != 0 {
			return fmt.Errorf("ensemble: the snapshot is damaged: weight %d is not one of %d, "+
				"or occurs twice", p,
				len(a.compact))
		}
		a.compact[p] = int32(i + 1)
	}
	a.rest = len(a.compact) - len(weights)
	for src, p := range map[*[32]byte]state.Generator{&s.Draws: a.draws, &s.Sweeps: a.sweeps} {
		if int(src[0]) >= len(src) {
			return fmt.Errorf("ensemble: the snapshot is damaged: a random generator's state "+
				"has %d bytes", src[0])
		}
		if err := p.Source.UnmarshalBinary(src[1 : 1+src[0]]); err != nil {
			return err
		}
	}
	a.known = int(s.Known)
	for i := s.Known - s.Held; i < s.Known; i++ {
		a.rows = append(a.rows, a.row(l.Index[i]))
		a.anomaly = append(a.anomaly, l.Anomaly[i])
	}
	a.dual.last = s.Last
	if s.Fresh {
		if err := a.rescore(ctx); err != nil {
			return err
		}
	}
	a.done = work{rounds: s.Rounds, epochs: s.Epochs, gradients: s.Gradients, rows: s.Looked}
	a.rescored = s.Rescored
	return nil
}
