// Package baselines is the registry of methods: the names that a spec can use, their constructors,
// and their cost in time and memory.
//
// To add a method, write its package below this one, add its entry here (a method, in its own file
// or its family's), and append it to the list methods. Labels and colours belong to the reports.
package baselines

import (
	"fmt"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/bench"
)

// methods is in display order.
var methods = []method{
	daeUAI, classUAI, dae, class,
	paeUAI, dsebmUAI, dcnUAI, pae, dsebmE, dsebmR, dcn, dagmmUAI, dagmm,
	lodaAAD, treeAAD, fif, labelsAlone, iforest, loda,
	oneClassSVM, kde, gmm, random,
}

// method is a method's entry.
type method struct {
	bench.MethodInfo
	build       buildFunc
	pretraining pretraining // zero: none to share
	cost        costModel   // zero: it fits in one go, in time proportional to the rows

	// memory returns a generous estimate of the peak bytes of a cell beyond what every method holds
	// (see Memory), with the given number of threads, at least 1; nil: none.
	memory func(p bench.Params, s Shape, threads int) int64
}

// buildFunc builds a learner from complete parameters (bench.Complete).
type buildFunc func(p bench.Params, seed uint64, o buildOptions) bench.Learner

// buildOptions are a learner's resources; its results do not depend on them.
type buildOptions struct {
	cache   deep.PretrainingCache // nil: it pre-trains for itself
	threads int                   // 0: 1
	more    func() int            // returns the threads available now; nil: never more than threads
}

// pretraining identifies a pre-training that cells with the same data and seed share.
type pretraining struct {
	name   string        // of the network that is trained, the same for all its methods
	params []bench.Param // parameters that it depends on
}

// PossibleScore reports whether the cell's method can return the score: scores of networks are
// float32. For an unknown method or version it is true.
func PossibleScore(c bench.Cell, score float64) bool {
	m, known := find(c.Method.ID)
	return !known || m.Version != c.Method.Version || m.pretraining.name == "" ||
		float64(float32(score)) == score
}

// find returns the entry with the ID.
func find(id string) (method, bool) {
	for _, m := range methods {
		if m.ID == id {
			return m, true
		}
	}
	return method{}, false
}

// Catalog lists all methods.
func Catalog() []bench.MethodInfo {
	out := make([]bench.MethodInfo, len(methods))
	for i, m := range methods {
		out[i] = m.MethodInfo
		out[i].Supports = func(p bench.Params, look string) error {
			return bench.Supports(m.build(bench.Complete(m.Params, p), 0, buildOptions{}), look)
		}
	}
	return out
}

// New builds the learner of a resolved reference for one seed.
func New(ref bench.MethodRef, seed uint64) (bench.Learner, error) {
	return build(ref, seed, buildOptions{})
}

func build(ref bench.MethodRef, seed uint64, o buildOptions) (bench.Learner, error) {
	m, ok := find(ref.ID)
	if !ok {
		return nil, fmt.Errorf("unknown method %q", ref.ID)
	}
	if m.Version != ref.Version {
		return nil, fmt.Errorf("method %s: the plan needs version %d, this program has version %d",
			ref.ID, ref.Version, m.Version)
	}
	p, errs := bench.Resolve(m.Params, ref.Params)
	if len(errs) > 0 {
		return nil, fmt.Errorf("method %s: %w", ref.ID, errs[0])
	}
	return m.build(bench.Complete(m.Params, p), seed, o), nil
}
