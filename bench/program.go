package bench

import "context"

// Starter is a Learner whose capabilities are known only once it has the data, such as a user's
// program. Start returns the learner that the cell runs, which is the one that may be Static,
// Resumable and so on. It is an io.Closer, whose error fails the cell, and an Aborter.
type Starter interface {
	Start(ctx context.Context, d Data) (Learner, error)
}

// Aborter is implemented by learners that must be aborted when a cell fails or is stopped.
type Aborter interface {
	Abort()
}

// Weigher is a Learner whose work is done by other processes. PeakMemory returns their peak memory
// in bytes, or 0 if the system does not report it.
type Weigher interface {
	PeakMemory() int64
}

// ProgramInfo is a user program's description of itself.
type ProgramInfo struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
	// Equal cells give equal bytes; false: no promise
	Deterministic bool `json:"deterministic"`
}

// Describer is a Learner that describes itself.
type Describer interface {
	Describe() ProgramInfo
}
