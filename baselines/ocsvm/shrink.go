package ocsvm

import (
	"context"
	"math"
)

// shrink removes rows whose α is at a bound and, by the current gradients, would stay there: those
// at 0 with a gradient above all that could fall, and those at 1 with one below all that could
// grow. Near the end all rows are restored once, and the choice is made again (Chang and Lin 2011,
// Sec. 5.1).
func (v *solver) shrink(ctx context.Context) error {
	// least gradient of the α that can grow, greatest of those that can fall
	low, high := math.Inf(1), math.Inf(-1)
	for t, a := range v.alpha[:v.active] {
		if a < 1 {
			low = min(low, v.g[t])
		}
		if a > 0 {
			high = max(high, v.g[t])
		}
	}
	if !v.unshrunk && high-low <= 10*v.tolerance {
		v.unshrunk = true
		if err := v.restore(ctx); err != nil {
			return err
		}
		return v.shrink(ctx)
	}
	var stay, leave []int32
	for t, a := range v.alpha[:v.active] {
		if a == 0 && v.g[t] > high || a == 1 && v.g[t] < low {
			leave = append(leave, int32(t))
		} else {
			stay = append(stay, int32(t))
		}
	}
	if len(leave) == 0 {
		return nil
	}
	order := append(stay, leave...)
	v.x.permute(order)
	v.cache.permute(order, len(order)-len(leave))
	permute(v.row, order)
	permute(v.alpha, order)
	permute(v.g, order)
	permute(v.bound, order)
	v.active -= len(leave)
	v.left += int64(len(leave))
	return nil
}

// restore makes all rows active again and computes the gradients of those that were not: the
// contribution of the α at 1 is known, that of each free α takes a column.
func (v *solver) restore(ctx context.Context) error {
	if v.active == v.x.n {
		return nil
	}
	copy(v.g[v.active:], v.bound[v.active:])
	for t, a := range v.alpha {
		if a == 0 || a == 1 {
			continue
		}
		k, err := v.column(ctx, t, v.x.n)
		if err != nil {
			return err
		}
		for i := v.active; i < v.x.n; i++ {
			v.g[i] += float64(a * float64(k[i]))
		}
	}
	v.active = v.x.n
	return nil
}

func permute[T any](x []T, order []int32) {
	was := make([]T, len(order))
	copy(was, x)
	for i, o := range order {
		x[i] = was[o]
	}
}
