package synth

import (
	"context"
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
	"github.com/uaibench/uaibench/synth/toy"
)

// Statistics are the counts of one draw of a dataset.
type Statistics struct {
	Rows, Anomalies int
	Classes         int // observed classes; 0: none
	// For a dataset with a test set: the types of anomalies in the training rows, in the test set,
	// and only in the test set; else 0.
	TrainTypes, TestTypes, NewTypes int
}

// Draws counts a dataset's draw for each seed, in the order of seeds, without computing features or
// training a method. It ignores ref.Seed and reads raw files once. ref must not be split.
//
// 200 draws of kddcup_rev take some 6 s of processor time; the other datasets take less: pca is
// computed once. mnist_hard and fashion_hard train their weak classifier for each draw, which takes
// as long as Build (1 s and more): one draw is enough there, since the paper prints one.
func Draws(ctx context.Context, ref bench.DatasetRef, seeds []uint64,
	find *source.Finder) ([]Statistics, error) {
	if ref.Split != (bench.Split{}) {
		return nil, fmt.Errorf("the draws of %s cannot be counted, since it is split", ref.ID)
	}
	i := slices.IndexFunc(entries, func(e entry) bool { return e.ID == ref.ID })
	if i < 0 {
		return nil, fmt.Errorf("there is no dataset %s whose draws could be counted", ref.ID)
	}
	draw, err := entries[i].draws(ctx, bench.Complete(entries[i].Params, ref.Params), find)
	if err != nil {
		return nil, err
	}
	var out []Statistics
	for _, seed := range seeds {
		s, err := draw(seed)
		if err != nil {
			return nil, fmt.Errorf("seed %d: %w", seed, err)
		}
		s.Classes = entries[i].Classes
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}

// counter counts the draw of a dataset for a seed.
type counter func(seed uint64) (Statistics, error)

// counted draws rows from at, and counts the anomalous ones.
func counted(at []int, rows int, seed uint64, anomalous func(i int) bool) (Statistics, error) {
	at, err := drawn(at, rows, seed)
	s := Statistics{Rows: len(at)}
	for _, i := range at {
		if anomalous(i) {
			s.Anomalies++
		}
	}
	return s, err
}

// draws returns the counter of a dataset of images.
func (r *recipe) draws(ctx context.Context, p bench.Params, find *source.Finder) (counter, error) {
	m, err := find.Images(ctx, r.set)
	if err != nil {
		return nil, err
	}
	var fixed *marks // if no seed changes them
	return func(seed uint64) (Statistics, error) {
		k := fixed
		if k == nil {
			now, err := r.mark(ctx, r, m, p, seed)
			if err != nil {
				return Statistics{}, err
			}
			if k = &now; r.seedless {
				fixed = k
			}
		}
		return counted(k.staying(m.Count), p.Int("rows"), seed,
			func(i int) bool { return k.anomaly[i] })
	}, nil
}

func tableDraws(set *source.Set) func(context.Context, bench.Params,
	*source.Finder) (counter, error) {
	return func(ctx context.Context, p bench.Params, find *source.Finder) (counter, error) {
		t, err := find.Table(ctx, set)
		if err != nil {
			return nil, err
		}
		return func(seed uint64) (Statistics, error) {
			return counted(places(t.Rows), p.Int("rows"), seed,
				func(i int) bool { return t.Anomaly[i] })
		}, nil
	}
}

func toyDraws(_ context.Context, p bench.Params, _ *source.Finder) (counter, error) {
	return func(seed uint64) (Statistics, error) {
		points, kind := toy.Draw(seed), toy.Anomalous(p.Str("anomalies"))
		return counted(places(len(points)), p.Int("rows"), seed,
			func(i int) bool { return points[i].Kind == kind })
	}, nil
}

func kddcupDraws(ctx context.Context, p bench.Params, find *source.Finder) (counter, error) {
	c, err := find.Connections(ctx, source.KDD99, source.KDD99.Files[0])
	if err != nil {
		return nil, err
	}
	return func(seed uint64) (Statistics, error) {
		return counted(places(c.Rows), p.Int("rows"), seed,
			func(i int) bool { return c.Type[i] == 0 })
	}, nil
}

func kddcupRevDraws(ctx context.Context, p bench.Params, find *source.Finder) (counter, error) {
	train, err := find.Connections(ctx, source.KDD99, source.KDD99.Files[0])
	if err != nil {
		return nil, err
	}
	test, err := find.Connections(ctx, source.KDD99, source.KDD99.Files[1])
	if err != nil {
		return nil, err
	}
	return func(seed uint64) (Statistics, error) {
		return revStatistics(train.Type, test.Type, p,
			seed)
	}, nil
}

// revStatistics counts KDDCUP-Rev and its test set from the types of both files.
func revStatistics(train, test []uint8, p bench.Params, seed uint64) (Statistics, error) {
	at, err := drawn(revRows(train, seed), p.Int("rows"), seed)
	if err != nil {
		return Statistics{}, err
	}
	s := Statistics{Rows: len(at)}
	for _, i := range at {
		if train[i] != 0 {
			s.Anomalies++
		}
	}
	seen := typesOf(train, at)
	tested, err := testRows(test, seen, p.Str("test"), seed)
	if err != nil {
		return Statistics{}, err
	}
	for kind, there := range typesOf(test, tested) {
		if kind == 0 {
			continue
		}
		if seen[kind] {
			s.TrainTypes++
		}
		if there {
			s.TestTypes++
		}
		if there && !seen[kind] {
			s.NewTypes++
		}
	}
	return s, nil
}
