// Command speed measures the engine on this machine: Gemm by shape as a share of the multiply-add
// peak measured in the same run; training steps and scored rows a second by model, on one thread,
// on two threads, and as two cells on two cores; and, if available, PyTorch's and gonum's figures.
// Everything that is compared is alternated. Figures are medians over rounds.
//
//	go run ./baselines/internal/speed -peer '/usr/bin/python3 bench/peers/pytorch.py'
//	go run -tags noasm ./baselines/internal/speed -gonum   # gonum without assembly
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/uaibench/uaibench/baselines/internal/f32"
)

// onCPU selects the process's CPU seconds instead of the clock's, for a machine with other work.
// Measurements on two cores are then left out.
var onCPU = flag.Bool("cpu", false,
	"count CPU seconds, not the clock's, for a machine with other work; one thread only")

func main() {
	rounds := flag.Int("rounds", 9, "rounds of alternation")
	peer := flag.String("peer", "", "`command` of the PyTorch side, bench/peers/pytorch.py")
	gonum := flag.Bool("gonum", false, "compare only the portable kernel with gonum's")
	flag.Parse()
	if err := run(*rounds, *peer, *gonum); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

func run(rounds int, peer string, gonum bool) error {
	if err := f32.EnvError(); err != nil {
		return err
	}
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("kernel %s (this machine has %s), %d cores, %s, load %s\n", f32.Kernel(),
		strings.Join(f32.Kernels(), ", "),
		runtime.NumCPU(), runtime.Version(), strings.TrimSpace(string(load)))
	if *onCPU {
		fmt.Println("seconds are CPU seconds")
	}
	fmt.Printf("medians of %d alternated rounds; q: quartiles\n", rounds)
	if gonum {
		return portable(rounds)
	}
	gemms(rounds)
	return models(rounds, peer)
}

// A contest is a set of measurements that are taken in turn.
type contest struct {
	names []string
	do    []func() float64 // each does its work once and returns a rate
	rates [][]float64
}

func (c *contest) add(name string, do func() float64) {
	c.names = append(c.names, name)
	c.do = append(c.do, do)
	c.rates = append(c.rates, nil)
}

// run uses the first round as a warm-up.
func (c *contest) run(rounds int) {
	for round := range rounds + 1 {
		for i, do := range c.do {
			rate := do()
			if round > 0 {
				c.rates[i] = append(c.rates[i], rate)
			}
		}
	}
}

func (c *contest) median(name string) float64 {
	return quantile(c.rates[slices.Index(c.names, name)], 0.5)
}

// ratio returns the median of the rounds' ratios, with quartiles: the measurements of a round share
// the machine's other work.
func (c *contest) ratio(a, b string) string {
	x, y := c.rates[slices.Index(c.names, a)], c.rates[slices.Index(c.names, b)]
	r := make([]float64, len(x))
	for i := range x {
		r[i] = x[i] / y[i]
	}
	return fmt.Sprintf("%.2f (q %.2f to %.2f)", quantile(r, 0.5), quantile(r, 0.25),
		quantile(r, 0.75))
}

func quantile(x []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(x))
	return s[min(int(q*float64(len(s))), len(s)-1)]
}

var begin = time.Now()

func now() float64 {
	if *onCPU {
		return cpuSeconds()
	}
	return time.Since(begin).Seconds()
}

// seconds runs f repeatedly for about d and returns the mean time of a run.
func seconds(d time.Duration, f func()) float64 {
	start := now()
	n := 0
	for {
		f()
		n++
		if t := now() - start; t >= d.Seconds() {
			return t / float64(n)
		}
	}
}
