// Package baselines is the registry of methods: what a spec may name, how each is made, and what it
// costs in time and memory.
//
// To add a method, write its package below this one, and here its entry: a method, in a file of its
// own or of its family, and its name in the list methods. Labels and colours are the reports'.
package baselines

import (
	"fmt"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/bench"
)

// methods are in the order in which people are shown them.
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
	pretraining pretraining // zero: it has none to share
	cost        costModel   // zero: it fits in one go, in a time that grows with the rows

	// memory estimates, rather generously, the bytes that a cell holds at its peak besides what
	// every method does (see Memory), with so many threads, at least 1; nil: none.
	memory func(p bench.Params, s Shape, threads int) int64
}

// buildFunc makes a learner of complete parameters (bench.Complete).
type buildFunc func(p bench.Params, seed uint64, o buildOptions) bench.Learner

// buildOptions are what a learner works with; its result does not depend on them.
type buildOptions struct {
	cache   deep.PretrainingCache // nil: it pre-trains for itself
	threads int                   // 0: 1
	more    func() int            // threads that there may be by now; nil: never more
}

// pretraining identifies a pre-training that cells of the same data and seed share.
type pretraining struct {
	name   string        // of what is trained, whichever method it is for
	params []bench.Param // that it depends on
}

// PossibleScore says whether the method of a cell can give a score: those of networks are float32.
// Of a method or version that is not known, every number can be one.
func PossibleScore(c bench.Cell, score float64) bool {
	m, known := find(c.Method.ID)
	return !known || m.Version != c.Method.Version || m.pretraining.name == "" ||
		float64(float32(score)) == score
}

// find returns the entry of an id.
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

// New makes the learner of a resolved reference for one seed.
func New(ref bench.MethodRef, seed uint64) (bench.Learner, error) {
	return build(ref, seed, buildOptions{})
}

func build(ref bench.MethodRef, seed uint64, o buildOptions) (bench.Learner, error) {
	m, ok := find(ref.ID)
	if !ok {
		return nil, fmt.Errorf("unknown method %q", ref.ID)
	}
	if m.Version != ref.Version {
		return nil, fmt.Errorf("method %s: the plan asks for version %d, this program "+
			"has version %d",
			ref.ID, ref.Version, m.Version)
	}
	p, errs := bench.Resolve(m.Params, ref.Params)
	if len(errs) > 0 {
		return nil, fmt.Errorf("method %s: %w", ref.ID, errs[0])
	}
	return m.build(bench.Complete(m.Params, p), seed, o), nil
}
