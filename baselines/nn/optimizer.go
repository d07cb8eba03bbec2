package nn

import "io"

// Optimizer is the rule of an update: RMSprop or Adam.
type Optimizer interface {
	// State returns the rule's initial state for a net of n parameters.
	State(n int) State
}

// State is what an optimiser remembers of one net's steps.
type State interface {
	// Step updates the net's parameters by its gathered gradients and begins a new step. It
	// allocates nothing.
	Step(n *Net)
	// StepTo is Step for layers 0 to top alone: the parameters above, and what is remembered of
	// their steps, are left as they are. A state that is for nothing else may be of Size(top)
	// parameters.
	StepTo(n *Net, top int)
	// Reset puts the state back to its start.
	Reset()
	// Snapshot writes the state, exactly; Restore reads it into a state of the same rule and size.
	Snapshot(w io.Writer) error
	Restore(r io.Reader) error
}
