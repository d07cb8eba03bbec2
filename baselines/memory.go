package baselines

import "github.com/uaibench/uaibench/bench"

const (
	wide = 8 // bytes of a float64
	mebi = 1 << 20
)

// Memory estimates the peak bytes of a cell besides the dataset, with the given number of threads
// (0: 1): 96 a row (scores, order, audit state), 8 MiB, and the estimate of the method's entry. It
// is 0 for an unknown method.
func Memory(ref bench.MethodRef, s Shape, threads int) int64 {
	m, ok := find(ref.ID)
	if !ok {
		return 0
	}
	total := 96*int64(s.Rows) + 8*mebi
	if m.memory != nil {
		total += m.memory(bench.Complete(m.Params, ref.Params), s, max(1, threads))
	}
	return total
}

// DataMemory estimates the bytes of a dataset: its features, and the other data of each row.
func DataMemory(s Shape) int64 { return int64(s.Rows) * (4*int64(s.Features) + 24) }
