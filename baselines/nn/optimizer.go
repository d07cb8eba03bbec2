package nn

import "io"

// Optimizer is an update rule: RMSprop or Adam.
type Optimizer interface {
	// State returns the rule's initial state for a net of n parameters.
	State(n int) State
}

// State is an optimiser's state for one net.
type State interface {
	// Step updates the net's parameters by its accumulated gradients and begins a new step. It
	// allocates nothing.
	Step(n *Net)
	// StepTo is Step for layers 0 to top only: the parameters above, and their state, do not
	// change. A state that is used only for this may have Size(top) parameters.
	StepTo(n *Net, top int)
	// Reset restores the initial state.
	Reset()
	// Snapshot writes the state; Restore reads it into a state of the same rule and size.
	Snapshot(w io.Writer) error
	Restore(r io.Reader) error
}
