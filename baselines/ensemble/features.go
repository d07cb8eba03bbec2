package ensemble

import (
	"context"
	"math"
	"slices"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
)

// blockRows is the number of rows that are encoded and scored together: a member's table is loaded
// once for all of them, and their sums stay in the nearest cache.
const blockRows = 256

// coded.score reads tallTables tables for tallRows rows (whole blocks) at a time.
const tallRows, tallTables = 16 * blockRows, 16

// maxSlots is the number of different codes of 16 bits.
const maxSlots = 1 << 16

// The tables of two sizes are read without bounds checks.
const narrowSlots, wideSlots = 1 << narrowLevels, 1 << 12

type (
	narrow = [narrowSlots]float64
	wide   = [wideSlots]float64
)

// coder is a fitted ensemble: each of its members assigns every row to one of its slots.
type coder interface {
	members() int    // T
	slots(j int) int // of member j; at most maxSlots
	features() int   // d
	workers() int    // goroutines to use; 0: GOMAXPROCS
	newScratch() any // for code; one per goroutine
	fit(ctx context.Context, d bench.Data) error
	// code writes the slots of at most blockRows rows into dst (T x blockRows, member-major).
	code(dst []uint16, d bench.Data, rows []int32, scratch any)
}

// ensemble is a coder with AAD's features: prepare numbers them, weights returns m, and entries
// returns the features that a slot sets, as indices in the weight vector and values.
type ensemble interface {
	coder
	prepare()
	weights() int
	entries(j, slot int) ([]int32, []float64)
}

// newTables returns a zero table for each member, with room for every code of eight bits.
func newTables(e coder) [][]float64 {
	tables := make([][]float64, e.members())
	for j := range tables {
		tables[j] = make([]float64, max(narrowSlots, e.slots(j)))
	}
	return tables
}

// accumulate adds the rows' entries of all tables to dst (at most blockRows), members in ascending
// order. codes is T x blockRows.
func accumulate(dst []float64, codes []uint16, tables [][]float64) {
	for len(tables) > 0 {
		together := 1
		switch fourOf(tables) {
		case narrowSlots:
			together = 4
			accumulateNarrow(dst, codes, tables)
		case wideSlots:
			together = 4
			accumulateWide(dst, codes, tables)
		default:
			t := tables[0]
			for i, c := range codes[:len(dst)] {
				dst[i] += t[c]
			}
		}
		codes, tables = codes[together*blockRows:], tables[together:]
	}
}

// fourOf returns the size of the first four tables, 0 if there are fewer or their sizes differ.
func fourOf(tables [][]float64) int {
	if len(tables) < 4 {
		return 0
	}
	size := len(tables[0])
	for _, t := range tables[1:4] {
		if len(t) != size {
			return 0
		}
	}
	return size
}

// accumulateNarrow is accumulate for the first four tables, whose reads need no bounds checks.
func accumulateNarrow(dst []float64, codes []uint16, t [][]float64) {
	n := len(dst)
	c0, c1 := codes[:n], codes[blockRows:][:n]
	c2, c3 := codes[2*blockRows:][:n], codes[3*blockRows:][:n]
	t0, t1, t2, t3 := (*narrow)(t[0]), (*narrow)(t[1]), (*narrow)(t[2]), (*narrow)(t[3])
	for i := range n {
		s := dst[i] + t0[uint8(c0[i])]
		s += t1[uint8(c1[i])]
		s += t2[uint8(c2[i])]
		s += t3[uint8(c3[i])]
		dst[i] = s
	}
}

// accumulateWide is accumulateNarrow for wide tables.
func accumulateWide(dst []float64, codes []uint16, t [][]float64) {
	n := len(dst)
	c0, c1 := codes[:n], codes[blockRows:][:n]
	c2, c3 := codes[2*blockRows:][:n], codes[3*blockRows:][:n]
	t0, t1, t2, t3 := (*wide)(t[0]), (*wide)(t[1]), (*wide)(t[2]), (*wide)(t[3])
	for i := range n {
		s := dst[i] + t0[c0[i]%wideSlots]
		s += t1[c1[i]%wideSlots]
		s += t2[c2[i]%wideSlots]
		s += t3[c3[i]%wideSlots]
		dst[i] = s
	}
}

// scan encodes the given rows of d, any data of the right width, and passes their sums over tables
// and over squares (nil: none) to finish, which returns a row's score.
func scan(ctx context.Context, e coder, dst []float64, d bench.Data, rows []int, tables,
	squares [][]float64, finish func(sum, square float64) float64) error {
	check(e, d)
	list, place := split.Distinct(d, rows)
	scores := dst
	if place != nil {
		scores = make([]float64, len(list))
	}
	blocks := (len(list) + blockRows - 1) / blockRows
	type worker struct {
		codes   []uint16
		scratch any
		square  [blockRows]float64
	}
	crew := make([]worker, split.Width(e.workers(), blocks))
	for i := range crew {
		crew[i] = worker{codes: make([]uint16, e.members()*blockRows), scratch: e.newScratch()}
	}
	err := split.Each(ctx, e.workers(), blocks, func(w, b int) {
		me := &crew[w]
		part := list[b*blockRows : min((b+1)*blockRows, len(list))]
		e.code(me.codes, d, part, me.scratch)
		sums := scores[b*blockRows:][:len(part)]
		clear(sums)
		accumulate(sums, me.codes, tables)
		square := me.square[:len(part)]
		clear(square)
		if squares != nil {
			accumulate(square, me.codes, squares)
		}
		for i, s := range sums {
			sums[i] = finish(s, square[i])
		}
	})
	if err != nil {
		return err
	}
	for i, p := range place {
		dst[i] = scores[p]
	}
	return nil
}

func check(e coder, d bench.Data) {
	if d.X.Cols != e.features() {
		panic("ensemble: the data's number of features differs from that of the fit")
	}
}

// coded is a pool's encoding, which every round uses: the codes of its distinct rows.
type coded struct {
	data  *float32 // identifies the pool
	n     int
	list  []int32   // distinct rows
	place []int32   // len n: index in list of each row; nil: all rows are distinct
	codes []uint16  // by blocks of blockRows rows: T x blockRows each
	norm  []float64 // len list: norm of a row's features; nil: not needed
	// by member, the slot of each code; nil: codes are slots
	slots [][]uint16
}

// encode encodes the pool, with the rows' L2 norms if squares (each slot's sum of squared features)
// is given.
func encode(ctx context.Context, e coder, d bench.Data, squares [][]float64) (*coded, error) {
	c := &coded{n: d.Rows(), data: &d.X.Data[0]}
	c.list, c.place = split.Distinct(d, nil)
	blocks := (len(c.list) + blockRows - 1) / blockRows
	c.codes = make([]uint16, blocks*blockRows*e.members())
	if squares != nil {
		c.norm = make([]float64, len(c.list))
	}
	scratch := make([]any, split.Width(e.workers(), blocks))
	for i := range scratch {
		scratch[i] = e.newScratch()
	}
	err := split.Each(ctx, e.workers(), blocks, func(w, b int) {
		part := c.list[b*blockRows : min((b+1)*blockRows, len(c.list))]
		block := c.block(b, e.members())
		e.code(block, d, part, scratch[w])
		if squares != nil {
			norm := c.norm[b*blockRows:][:len(part)]
			accumulate(norm, block, squares)
			for i, v := range norm {
				norm[i] = unit(math.Sqrt(v))
			}
		}
	})
	return c, err
}

// renumber replaces the slots in the codes by numbers without gaps, the most frequent slots first.
// A histogram has thousands of bins, of which few have rows, and very few have most of them: only
// those with rows are then weighed, and most reads meet a table's first cache lines.
func (c *coded) renumber(ctx context.Context, e coder) error {
	members := e.members()
	c.slots = make([][]uint16, members)
	type worker struct {
		rows   []int    // by slot
		number []uint16 // by slot
	}
	crew := make([]worker, split.Width(e.workers(), members))
	return split.Each(ctx, e.workers(), members, func(w, j int) {
		if crew[w].rows == nil {
			crew[w] = worker{make([]int, maxSlots), make([]uint16, maxSlots)}
		}
		rows, number := crew[w].rows[:e.slots(j)], crew[w].number
		clear(rows)
		used := 0
		c.member(j, members, func(codes []uint16) {
			for _, slot := range codes {
				if rows[slot]++; rows[slot] == 1 {
					used++
				}
			}
		})
		c.slots[j] = make([]uint16, 0, used)
		for slot, count := range rows {
			if count > 0 {
				c.slots[j] = append(c.slots[j], uint16(slot))
			}
		}
		slices.SortStableFunc(c.slots[j], func(a, b uint16) int { return rows[b] - rows[a] })
		for i, slot := range c.slots[j] {
			number[slot] = uint16(i)
		}
		c.member(j, members, func(codes []uint16) {
			for i, slot := range codes {
				codes[i] = number[slot]
			}
		})
	})
}

// member visits a member's codes, block by block.
func (c *coded) member(j, members int, visit func(codes []uint16)) {
	for b := 0; b*blockRows < len(c.list); b++ {
		n := min(blockRows, len(c.list)-b*blockRows)
		visit(c.block(b, members)[j*blockRows:][:n])
	}
}

// newTables is newTables for a pool's renumbered codes. Tables that are not narrow are made wide
// in a large pool, whose codes take as much memory at least.
func (c *coded) newTables() [][]float64 {
	size := narrowSlots
	for _, slots := range c.slots {
		if len(slots) > narrowSlots && len(c.list) >= 4*wideSlots {
			size = wideSlots
		}
	}
	tables := make([][]float64, len(c.slots))
	for j, slots := range c.slots {
		tables[j] = make([]float64, max(size, len(slots)))
	}
	return tables
}

// unit returns the divisor that gives a row unit length: norm, or 1 for a row without features.
func unit(norm float64) float64 {
	if norm == 0 {
		return 1
	}
	return norm
}

func (c *coded) block(b, members int) []uint16 {
	return c.codes[b*blockRows*members : (b+1)*blockRows*members]
}

// holds reports whether d is the encoded pool.
func (c *coded) holds(d bench.Data) bool { return c.n == d.Rows() && c.data == &d.X.Data[0] }

// of returns the index of a row in list.
func (c *coded) of(row int) int {
	if c.place != nil {
		return int(c.place[row])
	}
	return row
}

// score sets dst (len list) to the sums over tables, divided by the norms. A few tables at a time
// are read for tallRows rows, so that they come to the nearest cache once for all of these.
func (c *coded) score(ctx context.Context, dst []float64, tables [][]float64, workers int) error {
	return split.Each(ctx, workers, (len(c.list)+tallRows-1)/tallRows, func(_, tall int) {
		first := tall * tallRows
		sums := dst[first:min(first+tallRows, len(c.list))]
		clear(sums)
		for j := 0; j < len(tables); j += tallTables {
			some := tables[j:min(j+tallTables, len(tables))]
			for i := 0; i < len(sums); i += blockRows {
				codes := c.block((first+i)/blockRows, len(tables))[j*blockRows:]
				accumulate(sums[i:min(i+blockRows, len(sums))], codes, some)
			}
		}
		if c.norm != nil {
			for i, v := range c.norm[first:][:len(sums)] {
				sums[i] /= v
			}
		}
	})
}
