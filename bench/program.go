package bench

import "context"

// Starter is a Learner that can say what it is only once it has seen the data, such as a program of
// the user's own: Start returns the one that the cell runs, which is asked whether it is Static,
// Resumable and so on.
//
// A Learner that Start returned is an io.Closer, whose error fails the cell, and an Aborter.
type Starter interface {
	Start(ctx context.Context, d Data) (Learner, error)
}

// Aborter is what a cell that failed, or was told to stop, ends with.
type Aborter interface {
	Abort()
}

// Weigher is a Learner whose work other processes do. Their peak memory in bytes is measured; 0 is
// that the system does not tell.
type Weigher interface {
	PeakMemory() int64
}

// ProgramSays is what a program of the user's own says of itself.
type ProgramSays struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	// Equal cells give equal bytes; else nobody promises that.
	Deterministic bool `json:"deterministic"`
}

// Speaker is a Learner that says something of itself.
type Speaker interface {
	Says() ProgramSays
}
