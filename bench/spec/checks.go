package spec

import (
	"reflect"
	"regexp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// Rules of the language's types beyond their tags.

var durationForm = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`)

func (s *Spec) check(d *decoder, n *node) bool {
	if at := d.where[&s.Version]; at != nil && at.Kind == tree.Int && s.Version != 1 {
		d.fail(at, "%d is not a version of the language: this program reads version 1", s.Version)
	}
	for _, k := range keysOf(reflect.TypeFor[Spec]()) {
		if k.needed {
			d.require(n, k.name, k.hint)
		}
	}
	if s.Sweep["budget"] == nil && s.Protocol[0].Word != "" &&
		(s.Datasets == nil || s.Methods == nil) {
		d.require(n, "budget", budgetHint) // with both, checkProtocols decides whether it is needed
	}
	return true
}

const budgetHint = "a number of audits, anomalies or all"

func (p *Plot) check(d *decoder, n *node) bool {
	if p.XMax > 0 && p.Kind == "latent_projection" {
		d.fail(d.where[&p.XMax], "a %s has no axis of audits: leave x_max out", p.Kind)
	}
	return true
}

// check rejects a K with errors in it: the remainder would be a different one.
func (k *K) check(d *decoder, n *node) bool { return d.clean(n) }

func (c *Checkpoints) check(d *decoder, n *node) bool { return d.clean(n) }

func (p *Protocol) check(d *decoder, n *node) bool {
	if p.Flags == flagsOwn {
		for _, key := range []string{"ratio", "round"} {
			if at, ok := n.Get(key); ok {
				d.fail(at, "a method that flags by its own threshold needs no %s", key)
			}
		}
	}
	return d.clean(n)
}

const flagsOwn = "own"

func (t *Train) check(d *decoder, n *node) bool {
	if at, ok := n.Get("contamination"); ok && d.clean(at) &&
		(t.Contamination == 0 || t.Contamination == 1) {
		d.fail(at, "a contamination is between 0 (clean) and 1")
	}
	if t.Keep == "" {
		t.Keep = bench.TrainContaminated
	}
	return d.clean(n)
}

// clean reports whether no error has been reported at a node or within it.
func (d *decoder) clean(n *node) bool {
	for _, v := range n.Items {
		if d.wrong[v] {
			return false
		}
	}
	return !d.wrong[n]
}
