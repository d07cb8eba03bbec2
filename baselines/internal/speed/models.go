package main

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/bench"
)

const (
	batch = 256
	rows  = 4096
)

// A cell is a model that can train and score.
type cell struct {
	*deep.Reranked
	data  bench.Data
	label bench.Labels
	dst   []float64
}

const stepsAtOnce = 20

// newCell returns a pre-trained model of 784 features that trains stepsAtOnce steps at a time.
func newCell(model string, threads int) (*cell, error) {
	set := deep.Settings{Pretrain: 3, Threads: threads}
	var base deep.Base
	switch model {
	case "dae":
		base = deep.NewDAE(deep.DAESettings{Settings: set, Noise: 0.1})
	case "class":
		base = deep.NewClass(set)
	}
	c := &cell{Reranked: deep.NewReranked(base, set, stepsAtOnce), dst: make([]float64, rows)}
	c.data = bench.Data{X: bench.NewMatrix(rows, 784), Class: make([]int32, rows), Classes: 9}
	rng := bench.NewStream(1, "speed").Rand()
	for i := range c.data.X.Data {
		c.data.X.Data[i] = rng.Float32()
	}
	for i := range c.data.Class {
		c.data.Class[i] = int32(rng.IntN(9))
	}
	c.label = bench.Labels{Index: []int{0}, Anomaly: []bool{false}}
	return c, c.Train(context.Background(), c.data, bench.Labels{})
}

func (c *cell) train() {
	if err := c.Train(context.Background(), c.data, c.label); err != nil {
		panic(err)
	}
}

func (c *cell) score() {
	if _, err := c.Scores(context.Background(), c.dst, c.data, nil, bench.HeadBase); err != nil {
		panic(err)
	}
}

func models(rounds int, command string) error {
	cores := runtime.NumCPU()
	if *onCPU {
		cores = 1
	}
	for _, model := range []string{"dae", "class"} {
		one, err := newCell(model, 1)
		if err != nil {
			return err
		}
		steps := func(d time.Duration, f func()) float64 { return stepsAtOnce / seconds(d, f) }
		var train, score contest
		train.add("one thread", func() float64 { return steps(200*time.Millisecond, one.train) })
		score.add("one thread",
			func() float64 { return rows / seconds(100*time.Millisecond, one.score) })
		if cores > 1 {
			two, err := newCell(model, 2)
			if err != nil {
				return err
			}
			other, err := newCell(model, 1)
			if err != nil {
				return err
			}
			train.add("two threads",
				func() float64 { return steps(200*time.Millisecond, two.train) })
			train.add("two cells", func() float64 {
				done := make(chan float64)
				go func() { done <- steps(200*time.Millisecond, other.train) }()
				return steps(200*time.Millisecond, one.train) + <-done
			})
			score.add("two threads",
				func() float64 { return rows / seconds(100*time.Millisecond, two.score) })
		}
		if command != "" {
			for _, threads := range []int{1, 2}[:min(cores, 2)] {
				p, err := startPeer(command, threads)
				if err != nil {
					return err
				}
				defer p.stop()
				if threads == 1 && model == "dae" {
					fmt.Printf("\npeer: %s\n", p.greeting)
				}
				name := fmt.Sprintf("peer, threads=%d", threads)
				train.add(name,
					func() float64 { return 2 * stepsAtOnce / p.ask(model, "step", 2*stepsAtOnce) })
				score.add(name,
					func() float64 { return 2 * rows / p.ask(model, "score", 2*rows/batch) })
			}
		}
		train.run(rounds)
		score.run(rounds)
		fmt.Println()
		for _, t := range []struct {
			c    *contest
			unit string
		}{{&train, "steps/s"}, {&score, "rows/s"}} {
			for i, name := range t.c.names {
				line := fmt.Sprintf("%-6s %-16s %10.1f %s", model, name, t.c.median(name), t.unit)
				if i > 0 {
					line += "   one thread over this: " + t.c.ratio("one thread", name)
				}
				fmt.Println(line)
			}
		}
		if cores > 1 {
			fmt.Printf("%-6s two cells over one: %s; two threads over one: %s\n", model,
				train.ratio("two cells", "one thread"), train.ratio("two threads", "one thread"))
			if command != "" {
				fmt.Printf("%-6s two threads over the peer's two: %s steps, %s rows\n", model,
					train.ratio("two threads", "peer, threads=2"),
					score.ratio("two threads", "peer, threads=2"))
			}
		}
	}
	return nil
}
