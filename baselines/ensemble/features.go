package ensemble

import (
	"context"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/split"
	"github.com/uaibench/uaibench/bench"
)

// blockRows is the number of rows that are encoded and scored together: a member's table is loaded
// once for all of them, and their sums stay in the nearest cache.
const blockRows = 256

// maxSlots is the number of different codes of 16 bits.
const maxSlots = 1 << 16

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
		tables[j] = make([]float64, max(1<<narrowLevels, e.slots(j)))
	}
	return tables
}

// accumulate adds the rows' entries of all tables to dst (at most blockRows), members in ascending
// order. codes is T x blockRows.
func accumulate(dst []float64, codes []uint16, tables [][]float64) {
	j, n := 0, len(dst)
	for ; j+4 <= len(tables); j += 4 {
		c0, c1 := codes[j*blockRows:][:n], codes[(j+1)*blockRows:][:n]
		c2, c3 := codes[(j+2)*blockRows:][:n], codes[(j+3)*blockRows:][:n]
		t0, t1, t2, t3 := tables[j], tables[j+1], tables[j+2], tables[j+3]
		if len(t0) == 256 && len(t1) == 256 && len(t2) == 256 && len(t3) == 256 {
			accumulateNarrow(dst, c0, c1, c2, c3, (*[256]float64)(t0), (*[256]float64)(t1),
				(*[256]float64)(t2), (*[256]float64)(t3))
			continue
		}
		for i := range dst {
			s := dst[i] + t0[c0[i]]
			s += t1[c1[i]]
			s += t2[c2[i]]
			s += t3[c3[i]]
			dst[i] = s
		}
	}
	for ; j < len(tables); j++ {
		t := tables[j]
		for i, c := range codes[j*blockRows:][:n] {
			dst[i] += t[c]
		}
	}
}

// accumulateNarrow is accumulate for four tables of 256, without bounds checks.
func accumulateNarrow(dst []float64, c0, c1, c2, c3 []uint16, t0, t1, t2, t3 *[256]float64) {
	n := len(dst)
	c0, c1, c2, c3 = c0[:n], c1[:n], c2[:n], c3[:n]
	for i := range n {
		s := dst[i] + t0[uint8(c0[i])]
		s += t1[uint8(c1[i])]
		s += t2[uint8(c2[i])]
		s += t3[uint8(c3[i])]
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

// renumber replaces the slots in the codes by numbers without gaps, in the same order. A histogram
// has thousands of bins of which few have rows: only the tables of these are then weighed and read.
func (c *coded) renumber(ctx context.Context, e coder) error {
	members := e.members()
	c.slots = make([][]uint16, members)
	numbers := make([][]uint16, split.Width(e.workers(), members))
	return split.Each(ctx, e.workers(), members, func(w, j int) {
		if numbers[w] == nil {
			numbers[w] = make([]uint16, maxSlots)
		}
		number := numbers[w][:e.slots(j)]
		clear(number)
		c.member(j, members, func(codes []uint16) {
			for _, slot := range codes {
				number[slot] = 1
			}
		})
		used := 0
		for _, is := range number {
			used += int(is)
		}
		c.slots[j] = make([]uint16, 0, used)
		for slot, is := range number {
			if is == 1 {
				number[slot] = uint16(len(c.slots[j]))
				c.slots[j] = append(c.slots[j], uint16(slot))
			}
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

// newTables is newTables for a pool's renumbered codes.
func (c *coded) newTables() [][]float64 {
	tables := make([][]float64, len(c.slots))
	for j, slots := range c.slots {
		tables[j] = make([]float64, max(1<<narrowLevels, len(slots)))
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

// score sets dst (len list) to the sums over tables, divided by the norms.
func (c *coded) score(ctx context.Context, dst []float64, tables [][]float64, workers int) error {
	blocks := (len(c.list) + blockRows - 1) / blockRows
	return split.Each(ctx, workers, blocks, func(_, b int) {
		sums := dst[b*blockRows : min((b+1)*blockRows, len(c.list))]
		clear(sums)
		accumulate(sums, c.block(b, len(tables)), tables)
		if c.norm != nil {
			for i, v := range c.norm[b*blockRows:][:len(sums)] {
				sums[i] /= v
			}
		}
	})
}
