package rule

import (
	"fmt"
	"math"
	"strings"

	"github.com/uaibench/uaibench/report/stats"
)

// Outcome of one comparison.
type Outcome string

const (
	Holds      Outcome = "holds"
	Fails      Outcome = "fails"
	Undecided  Outcome = "open"
	CellFailed Outcome = "cell failed" // a cell failed before the first look was complete
	Missing    Outcome = "not run"
	// fitted to the printed number, or read from the plan or the paper
	Built Outcome = "by construction"
)

// Comparison is one comparison of a claim on one dataset, with its evidence.
type Comparison struct {
	What    string  `json:"what"`
	Dataset string  `json:"dataset,omitempty"`
	Outcome Outcome `json:"outcome"`
	Found   string  `json:"found,omitempty"` // better, worse, equal, no better, near, far, …

	// the one that decided, or the last complete one; N is 0 if none is complete
	Look stats.Look `json:"look"`
	N    [2]int     `json:"n"`    // replicates of both arms that were judged
	Have [2]int     `json:"have"` // replicates available

	Measure string  `json:"measure,omitempty"` // what Effect is: shift, difference of means, …
	Effect  *Effect `json:"effect,omitempty"`  // 95 % interval, for display only
	Win     *Effect `json:"win,omitempty"`     // win probability, likewise
	Delta   float64 `json:"delta,omitempty"`
	Wanted  string  `json:"wanted,omitempty"`

	P    float64 `json:"p"`    // of a failure; 1 if it does not fail
	Holm float64 `json:"holm"` // P adjusted for all comparisons of the claim

	Reason string   `json:"reason,omitempty"`
	Thin   string   `json:"thin,omitempty"` // the few runs or draws that a decided outcome rests on
	Notes  []string `json:"notes,omitempty"`
	Cells  []string `json:"cells,omitempty"`

	oneDraw bool // it rests on image sets with a single draw
}

// Effect is an estimate with its interval; an infinite end is null in JSON.
type Effect stats.Interval

// MarshalJSON writes infinite and NaN values as null.
func (e Effect) MarshalJSON() ([]byte, error) {
	num := func(x float64) string {
		if math.IsInf(x, 0) || math.IsNaN(x) {
			return "null"
		}
		return fmt.Sprint(x)
	}
	return fmt.Appendf(nil, `{"estimate":%s,"lo":%s,"hi":%s,"level":%s}`,
		num(e.Estimate), num(e.Lo), num(e.Hi), num(e.Level)), nil
}

func effect(iv stats.Interval) *Effect { e := Effect(iv); return &e }

// Short formats a number to three significant digits; integers in full.
func Short(x float64) string {
	switch {
	case math.IsInf(x, 0):
		return strings.Replace(fmt.Sprint(x), "Inf", "∞", 1)
	case x == math.Trunc(x) && math.Abs(x) < 1e15:
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}
