package ocsvm

// cache holds the most recently used columns of the kernel matrix. It affects times, not values.
type cache struct {
	slots []slot
	where []int32 // by the column's place: its slot, or -1
	last  int32   // the most recently used slot; the circular list continues with the older ones
	spare int32   // index of the first slot that was never used
}

type slot struct {
	column       int32     // its place
	values       []float32 // a prefix of the column, cap n
	older, newer int32
}

// newCache returns a cache for as many columns of n values as fit in the given bytes, and at least
// the two that a step needs.
func newCache(n int, bytes int64) *cache {
	count := min(max(2, bytes/(4*int64(n))), int64(n))
	c := &cache{slots: make([]slot, max(2, count)), where: make([]int32, n)}
	for i := range c.where {
		c.where[i] = -1
	}
	return c
}

// get returns the slot of a column, which may be empty. The slot remains that column's for at least
// the next call.
func (c *cache) get(column int) *slot {
	s := c.where[column]
	if s < 0 {
		if int(c.spare) < len(c.slots) {
			s = c.spare
			c.spare++
			c.slots[s].values = make([]float32, 0, len(c.where))
			if s == 0 {
				c.slots[s].older, c.slots[s].newer = s, s
			} else {
				c.insert(s)
			}
		} else {
			s = c.slots[c.last].newer // the oldest
			c.where[c.slots[s].column] = -1
		}
		c.slots[s].column = int32(column)
		c.slots[s].values = c.slots[s].values[:0]
		c.where[column] = s
	}
	if s != c.last {
		e := &c.slots[s]
		c.slots[e.older].newer, c.slots[e.newer].older = e.newer, e.older
		c.insert(s)
		c.last = s
	}
	return &c.slots[s]
}

// insert puts s into the list between the most recently used slot and the oldest.
func (c *cache) insert(s int32) {
	e, last := &c.slots[s], &c.slots[c.last]
	e.older, e.newer = c.last, last.newer
	c.slots[last.newer].older = s
	last.newer = s
}

// permute moves place order[i] to place i, of both rows and columns, for i below len(order). Longer
// columns keep at most keep values, the places into which no row moves from a lower one.
func (c *cache) permute(order []int32, keep int) {
	for s := range c.slots[:c.spare] {
		e := &c.slots[s]
		kept := 0
		for kept < keep && int(order[kept]) < len(e.values) {
			e.values[kept] = e.values[order[kept]]
			kept++
		}
		e.values = e.values[:kept]
	}
	where := make([]int32, len(order))
	for i, o := range order {
		where[i] = c.where[o]
		if where[i] >= 0 {
			c.slots[where[i]].column = int32(i)
		}
	}
	copy(c.where, where)
}
