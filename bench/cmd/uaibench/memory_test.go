package main

import (
	"fmt"
	"runtime/debug"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/bytesize"
)

func TestBytesFlag(t *testing.T) {
	for text, want := range map[string]int64{"4GiB": 4 << 30, "500MB": 5e8, "1.5 GiB": 3 << 29, "1073741824": 1 << 30, "2TB": 2e12, "64KiB": 1 << 16, "7B": 7} {
		var b bytesize.Size
		if err := b.Set(text); err != nil || int64(b) != want {
			t.Errorf("%s: %d, %v; want %d", text, b, err, want)
		}
	}
	for _, text := range []string{"", "much", "-1GiB", "0", "4 bananas", "1e300GB", "NaN", "Inf GiB"} {
		var b bytesize.Size
		if err := b.Set(text); err == nil {
			t.Errorf("%q is %d bytes", text, b)
		}
	}
	for b, want := range map[bytesize.Size]string{1000: "1000 bytes", 1 << 20: "1 MiB", 3 << 29: "1.5 GiB"} {
		if b.String() != want {
			t.Errorf("%d bytes are told as %s, want %s", int64(b), b.String(), want)
		}
	}
}

// mnist_hard has 60,000 rows of 784 float32: 180 MiB. Eight networks on it take at most 64 MiB each
// by the estimate. The less memory there is, the fewer cells fit.
func TestFit(t *testing.T) {
	var a app
	cells := func(method string, datasets ...string) (cells []*bench.PlannedCell) {
		cat := a.catalog()
		m, _ := cat.Method(method)
		p, _ := bench.Resolve(m.Params, nil)
		for seed := range 8 {
			for _, id := range datasets {
				d, _ := cat.Dataset(id)
				q, _ := bench.Resolve(d.Params, nil)
				cells = append(cells, &bench.PlannedCell{Cell: bench.Cell{
					Dataset: bench.DatasetRef{ID: id, Version: d.Version, Params: q}, Method: bench.MethodRef{ID: method, Version: m.Version, Params: p}, Seed: uint64(seed),
				}})
			}
		}
		return cells
	}
	for _, method := range []string{"dae_uai", "class_uai", "tree_aad"} {
		fits, one := a.fit(720<<20, cells(method, "mnist_hard"), 8, 1)
		if fits != 8 || one < 200<<20 || one > 300<<20 {
			t.Errorf("%s: %d fit into 720 MiB, and one needs %v", method, fits, &one)
		}
	}
	last := 8
	for limit := bytesize.Size(800 << 20); limit > 0; limit -= 40 << 20 {
		fits, one := a.fit(limit, cells("loda_aad", "mnist_hard"), 8, 1)
		if fits > last || fits < 1 || fits == 1 && last > 2 {
			t.Errorf("%d fit into %v, %d into more", fits, &limit, last)
		}
		if last = fits; one > limit && fits != 1 {
			t.Errorf("%d fit into %v, and one does not", fits, &limit)
		}
	}
	if last != 1 {
		t.Errorf("%d fit into next to nothing", last)
	}
	one, _ := a.fit(600<<20, cells("dae_uai", "mnist_hard"), 8, 1)
	two, _ := a.fit(600<<20, cells("dae_uai", "mnist_hard", "mnist0"), 8, 1)
	if two >= one {
		t.Errorf("of one dataset %d cells fit, of two %d", one, two)
	}
}

func TestTuneCollector(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	get := func() string {
		p, m := debug.SetGCPercent(50), debug.SetMemoryLimit(-1)
		debug.SetGCPercent(p)
		return fmt.Sprint(p, " ", m)
	}
	before := get()
	restore := tuneCollector(1 << 30)
	if got := get(); got != "10 1073741824" {
		t.Errorf("while it runs: %s", got)
	}
	if restore(); get() != before {
		t.Errorf("afterwards: %s, before %s", get(), before)
	}
	t.Setenv("GOGC", "77")
	t.Setenv("GOMEMLIMIT", "9GiB")
	defer tuneCollector(1 << 30)()
	if get() != before {
		t.Errorf("against the user's word: %s", get())
	}
}
