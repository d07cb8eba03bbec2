package baselines

import (
	"github.com/uaibench/uaibench/bench"
)

// Sources of defaults.
const (
	paperA1    = "paper, App. A.1"
	tensorflow = "TensorFlow 1.x default; the paper says \"default hyper-parameters\""
	assumed    = "our assumption; the paper leaves it open"
	ours       = "our assumption"
)

// The bounds on networks and minibatches limit the memory that a spec can ask for; a larger value
// is more likely a mistake.
const (
	maxWidth  = 4096
	maxLayers = 16
	maxBatch  = 8192
)

// The constructors of parameters, one a kind. Each takes the default, the range or list of values,
// the source of the default, and one line of documentation.

func boolean(name string, standard bool, source, doc string) bench.Param {
	return bench.Param{Name: name, Kind: bench.Bool, Default: standard, Source: source, Doc: doc}
}

func integer(name string, standard, least, most int, source, doc string) bench.Param {
	return bench.Param{
		Name: name, Kind: bench.Int, Default: standard,
		Min: bench.At(float64(least)), Max: bench.At(float64(most)), Source: source, Doc: doc,
	}
}

func number(name string, standard, least, most float64, source, doc string) bench.Param {
	return bench.Param{
		Name: name, Kind: bench.Float, Default: standard,
		Min: bench.At(least), Max: bench.At(most), Source: source, Doc: doc,
	}
}

func choice(name, standard string, values []string, source, doc string) bench.Param {
	return bench.Param{
		Name: name, Kind: bench.String, Default: standard, Enum: values, Source: source, Doc: doc,
	}
}

// widths is a parameter that lists the widths of a network's layers.
func widths(name string, standard []int, source, doc string) bench.Param {
	return bench.Param{
		Name: name, Kind: bench.Ints, Default: standard,
		Min: bench.At(1), Max: bench.At(maxWidth), Most: maxLayers, Source: source, Doc: doc,
	}
}

// open marks a parameter that settles an open point of the paper, "U1" to "U21".
func open(point string, p bench.Param) bench.Param {
	p.Open = point
	return p
}

// later marks a parameter that was added after results were published (see bench.Param).
func later(p bench.Param) bench.Param {
	p.Later = true
	return p
}
