package ensemble

import (
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestScoreAddsInOrder: a pool's scores are the sums of its rows' table entries, member after
// member, whatever the tables' sizes, and for rows of several blocks.
func TestScoreAddsInOrder(t *testing.T) {
	rng := bench.NewStream(1, "tables").Rand()
	for _, sizes := range [][]int{
		{},
		{narrowSlots},
		slices.Repeat([]int{narrowSlots}, 9),
		slices.Repeat([]int{wideSlots}, tallTables+6),
		{narrowSlots, wideSlots, wideSlots, wideSlots, wideSlots, 5000, narrowSlots, narrowSlots,
			narrowSlots, narrowSlots, 70, 70, 70, 70, wideSlots, wideSlots, wideSlots},
	} {
		const n = tallRows + 3*blockRows + 7
		blocks := (n + blockRows - 1) / blockRows
		c := &coded{list: make([]int32, n), codes: make([]uint16, blocks*blockRows*len(sizes))}
		tables := make([][]float64, len(sizes))
		want := make([]float64, n)
		for j, size := range sizes {
			tables[j] = make([]float64, size)
			for i := range tables[j] {
				tables[j][i] = rng.NormFloat64()
			}
			for i := range n {
				code := rng.IntN(size)
				c.block(i/blockRows, len(sizes))[j*blockRows+i%blockRows] = uint16(code)
				want[i] += tables[j][code]
			}
		}
		got := make([]float64, n)
		if err := c.score(t.Context(), got, tables, 2); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, want) {
			t.Errorf("tables of %d slots: other sums", sizes)
		}
	}
}

// TestRenumber: the new codes are without gaps, the frequent ones first, and name the same slots.
func TestRenumber(t *testing.T) {
	const n = 2*blockRows + 9
	g := &given{value: [][]float64{make([]float64, 700), make([]float64, 700)}}
	c := &coded{list: make([]int32, n), codes: make([]uint16, 3*blockRows*2)}
	before := make([][]uint16, 2)
	rng := bench.NewStream(2, "slots").Rand()
	for j := range before {
		for i := range n {
			slot := uint16(max(rng.IntN(700), 300*j) &^ 1) // not all slots, and one often
			before[j] = append(before[j], slot)
			c.block(i/blockRows, 2)[j*blockRows+i%blockRows] = slot
		}
	}
	if err := c.renumber(t.Context(), g); err != nil {
		t.Fatal(err)
	}
	for j, slots := range before {
		var rows [700]int
		i := 0
		c.member(j, 2, func(codes []uint16) {
			for _, code := range codes {
				if c.slots[j][code] != slots[i] {
					t.Fatalf("member %d, row %d: slot %d, was %d", j, i, c.slots[j][code], slots[i])
				}
				rows[code]++
				i++
			}
		})
		used := rows[:len(c.slots[j])]
		if i != n || slices.Contains(used, 0) ||
			!slices.IsSortedFunc(used, func(a, b int) int { return b - a }) {
			t.Errorf("member %d: rows by code %d", j, used)
		}
	}
}
