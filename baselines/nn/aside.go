package nn

// Aside is memory for the gradients of a second loss, so that two losses' gradients at the same
// parameters can each make an update of its own.
type Aside struct {
	grads   []float32
	touched []bool
}

// Aside returns such memory, for the gradients of layers 0 to top.
func (n *Net) Aside(top int) *Aside {
	return &Aside{make([]float32, n.Size(top)), make([]bool, len(n.Layers))}
}

// Swap exchanges the net's gradients, with what is known of the step under way, for those laid
// aside. Until they are swapped back, no Backward may begin above the layers that a has room for,
// and StepTo and FinishTo take the place of Step and Finish.
func (n *Net) Swap(a *Aside) {
	n.Grads, a.grads = a.grads, n.Grads
	n.touched, a.touched = a.touched, n.touched
}
