package ensemble

import "github.com/uaibench/uaibench/bench"

// narrowLevels is the depth of the usual tree (256 rows): shallower ones are padded to it, so that
// a node's number fits a byte and the compiler needs no bounds check.
const narrowLevels = 8

type forestScratch struct {
	keys []int32 // d x stride: keys of the chunk's rows, by feature
}

// stride returns the number of rows that are walked through all trees at a time: their keys should
// stay in the nearer caches, and a tree's nodes serve many rows.
func stride(cols int) int {
	const bytes = 64 << 10
	return max(32, min(blockRows, bytes/(4*cols)&^7))
}

// code writes the slots of at most blockRows rows into dst (T x blockRows, tree-major).
func (f *forest) code(dst []uint16, d bench.Data, rows []int32, scratch any) {
	s := scratch.(*forestScratch)
	cols, width := f.cols, f.stride
	if s.keys == nil {
		s.keys = make([]int32, width*cols)
	}
	for from := 0; from < len(rows); from += width {
		part := rows[from:min(from+width, len(rows))]
		for i, r := range part {
			to := s.keys[i:]
			for j, v := range d.X.Row(int(r)) {
				to[j*width] = key(v)
			}
		}
		for t := range f.set.Trees {
			out := dst[t*blockRows+from:][:len(part)]
			nodes := f.nodes[t<<f.levels : (t+1)<<f.levels]
			if f.levels == narrowLevels {
				walkNarrow(out, (*[1 << narrowLevels]node)(nodes), s.keys)
			} else {
				walk(out, nodes, s.keys, f.levels)
			}
		}
	}
}

// step returns the next node of a row with that key: 2a, or 2a+1 if the row's key is greater than
// the node's.
func step(a uint, n node, row int32) uint { return 2*a + uint(n.key()-int64(row))>>63 }

// walkNarrow sends the rows of keys (d x stride) down a tree of eight levels. Eight rows at a time
// keep the processor busy while each waits for its next node.
func walkNarrow(out []uint16, nodes *[1 << narrowLevels]node, keys []int32) {
	i := 0
	for ; i+8 <= len(out); i += 8 {
		k := keys[i:]
		var a0, a1, a2, a3, a4, a5, a6, a7 uint = 1, 1, 1, 1, 1, 1, 1, 1
		for range narrowLevels {
			n0, n1, n2, n3 := nodes[uint8(a0)], nodes[uint8(a1)], nodes[uint8(a2)], nodes[uint8(a3)]
			a0 = step(a0, n0, k[n0.column()])
			a1 = step(a1, n1, k[n1.column()+1])
			a2 = step(a2, n2, k[n2.column()+2])
			a3 = step(a3, n3, k[n3.column()+3])
			n4, n5, n6, n7 := nodes[uint8(a4)], nodes[uint8(a5)], nodes[uint8(a6)], nodes[uint8(a7)]
			a4 = step(a4, n4, k[n4.column()+4])
			a5 = step(a5, n5, k[n5.column()+5])
			a6 = step(a6, n6, k[n6.column()+6])
			a7 = step(a7, n7, k[n7.column()+7])
		}
		o := out[i : i+8 : i+8]
		o[0], o[1], o[2], o[3] = uint16(uint8(a0)), uint16(uint8(a1)), uint16(uint8(a2)),
			uint16(uint8(a3))
		o[4], o[5], o[6], o[7] = uint16(uint8(a4)), uint16(uint8(a5)), uint16(uint8(a6)),
			uint16(uint8(a7))
	}
	walk(out[i:], nodes[:], keys[i:], narrowLevels)
}

// walk is walkNarrow for any depth, row by row.
func walk(out []uint16, nodes []node, keys []int32, levels int) {
	for i := range out {
		a := uint(1)
		for range levels {
			n := nodes[a]
			a = step(a, n, keys[n.column()+uint(i)])
		}
		out[i] = uint16(a - 1<<levels)
	}
}
