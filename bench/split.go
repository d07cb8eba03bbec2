package bench

import (
	"fmt"
	"math/big"
	"strconv"
)

// The anomalies that a split's training half keeps.
const (
	TrainClean        = "clean"        // none
	TrainDirty        = "dirty"        // all
	TrainContaminated = "contaminated" // the number that makes a given share
)

// Split divides a dataset into two halves, one to train on and one to test
// (experiments/methods.md). The draw depends on the run's seed but not on the method, so that all
// methods of a seed have the same halves; nor on Train, so that all contaminations of a seed have
// the same test half. Zero: the dataset is not split.
type Split struct {
	Seed          uint64  `json:"seed"` // of the run
	Train         string  `json:"train"`
	Contamination float64 `json:"contamination,omitempty"` // with TrainContaminated: this share …
	// … of the training data or, with OfAnomalies, of that half's anomalies is kept
	Of string `json:"of,omitempty"`
	// normal rows and anomalies are halved separately
	Stratified bool `json:"stratified"`
}

// OfAnomalies makes a contamination a share of the anomalies.
const OfAnomalies = "anomalies"

// RecipeError is the error of a dataset that cannot be built as requested although all of its data
// are present: they have fewer rows or anomalies than needed. Retrying does not help.
type RecipeError struct{ Msg string }

// RecipeErrorf formats a RecipeError.
func RecipeErrorf(format string, args ...any) error {
	return &RecipeError{fmt.Sprintf(format, args...)}
}

func (e *RecipeError) Error() string { return e.Msg }

func (s Split) String() string {
	out := s.Train
	if s.Train == TrainContaminated {
		out = percent(s.Contamination)
		if s.Of == OfAnomalies {
			out += " of the anomalies"
		}
	}
	if !s.Stratified {
		out += ", not stratified"
	}
	return out
}

// Kept returns how many anomalies the training half keeps, given the numbers of normal rows and
// anomalies in it. A share is rounded to the nearest number, the larger one of two.
func (s Split) Kept(normal, anomalies int) (int, error) {
	switch s.Train {
	case TrainClean:
		return 0, nil
	case TrainDirty:
		return anomalies, nil
	case TrainContaminated:
	default:
		return 0, fmt.Errorf("a training half cannot be %q", s.Train)
	}
	c := decimal(s.Contamination)
	if c.Sign() <= 0 || c.Cmp(big.NewRat(1, 1)) >= 0 {
		return 0, fmt.Errorf("a contamination of %v is not between 0 and 1", s.Contamination)
	}
	of := new(big.Rat).Mul(c, big.NewRat(int64(anomalies), 1))
	if s.Of != OfAnomalies { // a/(normal+a) = c
		of.Quo(c, new(big.Rat).Sub(big.NewRat(1, 1), c))
		of.Mul(of, big.NewRat(int64(normal), 1))
	}
	n := floor(of.Add(of, big.NewRat(1, 2)))
	switch {
	case n > anomalies:
		return 0, RecipeErrorf("a contamination of %v takes %d anomalies beside %d normal rows, "+
			"but the training half has %d", s.Contamination, n, normal, anomalies)
	case n == 0:
		return 0, RecipeErrorf("a contamination of %v beside %d normal rows rounds to no "+
			"anomaly: that is clean", s.Contamination, normal)
	}
	return n, nil
}

// TrainPart returns how many of n rows that are halved together are in the training half: the test
// half has the larger part.
func TrainPart(n int) int { return n / 2 }

// Reaches returns why a dataset with these numbers of normal rows and anomalies does not have such
// a training half; nil if it has one, or if that depends on the draw, as for halves that are not
// stratified.
func (s Split) Reaches(normal, anomalies int) error {
	if !s.Stratified {
		return nil
	}
	_, err := s.Kept(TrainPart(normal), TrainPart(anomalies))
	return err
}

// Threshold selects the rows of a test half that are flagged. Zero: there is no split.
type Threshold struct {
	Own bool `json:"own,omitempty"` // those that the method flags itself (Flagger)
	// else this share of the rows, those with the highest scores …
	Ratio float64 `json:"ratio,omitempty"`
	Round string  `json:"round,omitempty"` // … rounded up (RoundUp) or down (RoundDown)
}

const (
	RoundUp   = "ceil"
	RoundDown = "floor"
)

func (t Threshold) String() string {
	if t.Own {
		return "own"
	}
	return percent(t.Ratio) + ", " + t.Round
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'g', 6, 64) + " %" }

// Count returns how many of n rows are flagged. It is exact: 0.07 of 100 rows is 7 with either
// rounding.
func (t Threshold) Count(n int) int {
	share := new(big.Rat).Mul(decimal(t.Ratio), big.NewRat(int64(n), 1))
	k := floor(share)
	if t.Round == RoundUp && !share.IsInt() {
		k++
	}
	return min(k, n)
}

// decimal returns f as its shortest decimal form, not its binary value.
func decimal(f float64) *big.Rat {
	r, ok := new(big.Rat).SetString(strconv.FormatFloat(f, 'g', -1, 64))
	if !ok {
		panic(fmt.Sprintf("bench: %v is not finite", f))
	}
	return r
}

func floor(r *big.Rat) int {
	return int(new(big.Int).Div(r.Num(), r.Denom()).Int64())
}
