package nn

// Aside is memory for the gradients of a second loss, so that two losses' gradients at the same
// parameters can make separate updates.
type Aside struct {
	grads   []float32
	touched []bool
}

// Aside returns memory for the gradients of layers 0 to top.
func (n *Net) Aside(top int) *Aside {
	return &Aside{make([]float32, n.Size(top)), make([]bool, len(n.Layers))}
}

// Swap exchanges the net's gradients, and the record of the layers that have one in this step, with
// a's. Until they are swapped back, no Backward may begin above the layers that a has memory for,
// and StepTo and FinishTo must be used instead of Step and Finish.
func (n *Net) Swap(a *Aside) {
	n.Grads, a.grads = a.grads, n.Grads
	n.touched, a.touched = a.touched, n.touched
}
