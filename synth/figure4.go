package synth

import (
	"math/rand/v2"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// Figure 4's test set has 67,908 rows: all 60,593 normal ones of the labelled test file and 7,315
// attacks. The paper does not state how these were drawn. A uniform draw would have some 547 of
// types that the training file lacks, instead of the paper's 3,498 of types unseen in training, and
// lose most of the rare types, of which the paper has 36. Drawing every type with equal probability
// comes close to all of these numbers.
const (
	testAttacks = 7315
	testSeen    = 3817 // of types in the training data
	testUnseen  = testAttacks - testSeen
)

// testRows returns the rows of the test set, in file order. types are the file's, 0 for normal;
// seen marks the types in the training data.
func testRows(types []uint8, seen []bool, recipe string, seed uint64) ([]int, error) {
	taken := make([]bool, len(types))
	for i, kind := range types {
		taken[i] = kind == 0
	}
	take := func(stratum string, n int, of func(kind uint8) bool) error {
		rows := make([][]int, len(seen))
		left := 0
		for i, kind := range types {
			if kind != 0 && of(kind) {
				rows[kind] = append(rows[kind], i)
				left++
			}
		}
		if n > left {
			return bench.RecipeErrorf("the test set needs %d attacks of %s types, but the file "+
				"has %d", n, stratum, left)
		}
		for _, i := range everyTypeAlike(rows, n, bench.NewStream(seed, "synth/test",
			stratum).Rand()) {
			taken[i] = true
		}
		return nil
	}
	var err error
	switch recipe {
	case "stratified":
		if err = take("seen", testSeen, func(kind uint8) bool { return seen[kind] }); err == nil {
			err = take("unseen", testUnseen, func(kind uint8) bool { return !seen[kind] })
		}
	case "class_balanced":
		err = take("all", testAttacks, func(uint8) bool { return true })
	default:
		panic("synth: unknown recipe of a test set " + recipe)
	}
	if err != nil {
		return nil, err
	}
	var out []int
	for i, yes := range taken {
		if yes {
			out = append(out, i)
		}
	}
	return out, nil
}

// everyTypeAlike draws n rows without replacement, one at a time, each weighted by the inverse of
// its type's initial number of rows.
func everyTypeAlike(rows [][]int, n int, rng *rand.Rand) []int {
	left, weight := make([][]int, len(rows)), make([]float64, len(rows))
	for t, r := range rows {
		left[t] = slices.Clone(r)
		if len(r) > 0 {
			weight[t] = 1 / float64(len(r))
		}
	}
	var out []int
	for range n {
		total := 0.0
		for t := range left {
			total += float64(weight[t] * float64(len(left[t])))
		}
		u, last := rng.Float64()*total, -1
		for t := range left {
			if len(left[t]) == 0 {
				continue
			}
			last = t // if rounding leaves u beyond the end: the last type with rows
			if u -= float64(weight[t] * float64(len(left[t]))); u < 0 {
				break
			}
		}
		i := rng.IntN(len(left[last]))
		out = append(out, left[last][i])
		end := len(left[last]) - 1
		left[last][i] = left[last][end]
		left[last] = left[last][:end]
	}
	return out
}
