package bench

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

type oracleFunc func(rows []int) ([]bool, error)

func (f oracleFunc) Audit(_ context.Context, rows []int) ([]bool, error) { return f(rows) }

type recorderFunc func(Round) error

func (f recorderFunc) Record(r Round) error { return f(r) }

func TestRunErrors(t *testing.T) {
	boom := errors.New("boom")
	plain := func(row int, l Labels) float64 { return 0 }
	late := func(v float64) func(int, Labels) float64 {
		return func(row int, l Labels) float64 {
			if row == 4 && l.Len() == 2 {
				return v
			}
			return -float64(row)
		}
	}
	ok := Truth(make([]bool, 6))
	for _, c := range []struct {
		name, want string
		is         error
		m          *scripted
		o          Oracle
		s          Settings
		record     error
	}{
		{"k", "k is -1", nil, &scripted{score: plain}, ok, Settings{Budget: 2, K: -1}, nil},
		{"no budget", "budget is 0", nil, &scripted{score: plain}, ok, Settings{}, nil},
		{"budget over n", "the pool's 6 rows", nil, &scripted{score: plain}, ok, Settings{Budget: 7}, nil},
		{"train", "train after 0 audits: boom", boom, &scripted{score: plain, err: boom}, ok, Settings{Budget: 2}, nil},
		{"NaN", "row 4 scored NaN after 2 audits", ErrNotFinite, &scripted{score: late(math.NaN())}, ok, Settings{Budget: 6, K: 2}, nil},
		{"+Inf", "row 4 scored +Inf after 2 audits", ErrNotFinite, &scripted{score: late(math.Inf(1))}, ok, Settings{Budget: 6, K: 2}, nil},
		{"-Inf", "row 4 scored -Inf after 2 audits", ErrNotFinite, &scripted{score: late(math.Inf(-1))}, ok, Settings{Budget: 6, K: 2}, nil},
		{"oracle", "audit after 0 audits: boom", boom, &scripted{score: plain}, oracleFunc(func([]int) ([]bool, error) { return nil, boom }), Settings{Budget: 2}, nil},
		{"short answer", "answered 1 of 2", nil, &scripted{score: plain}, oracleFunc(func([]int) ([]bool, error) { return []bool{true}, nil }), Settings{Budget: 2}, nil},
		{"truth of another pool", "row 2 is not in [0, 2)", nil, &scripted{score: plain}, Truth(make([]bool, 2)), Settings{Budget: 3}, nil},
		{"recorder", "boom", boom, &scripted{score: plain}, ok, Settings{Budget: 2}, boom},
		{"first", "boom", boom, &scripted{score: plain}, ok, Settings{Budget: 2, First: func([]float64, Head) error { return boom }}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Run(t.Context(), pool(6), c.m, c.o, c.s, recorderFunc(func(Round) error { return c.record }))
			if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	n := 0
	l, err := Run(ctx, pool(6), &scripted{score: plain}, ok, Settings{Budget: 6, K: 2}, recorderFunc(func(Round) error {
		if n++; n == 2 {
			cancel()
		}
		return nil
	}))
	if !errors.Is(err, context.Canceled) || l.Len() != 4 {
		t.Errorf("cancelled after round 2: %d audits, %v", l.Len(), err)
	}
}
