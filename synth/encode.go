package synth

import (
	"context"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

// encoder maps connection records to features. Its columns follow the file's; a symbolic column is
// replaced by one column per value in the training file, in ascending order. Another value has no
// column, so all of these are at their zero. The scaling is fitted on the pool.
type encoder struct {
	features []feature
	scale    []affine
}

// feature is one column of the result.
type feature struct {
	number   int // index among the numbers of a record; -1: see symbolic
	symbolic int // index into source.SymbolicColumns
	// level is the symbolic value for which the feature is 1, else 0; "": the feature is the value
	// itself, 0 or 1
	level string
}

// newEncoder takes the values of symbolic columns from the training file, and fits the scaling on
// the given rows of it.
func newEncoder(ctx context.Context, train *source.Connections, pool []int,
	p bench.Params) (*encoder, error) {
	e := &encoder{features: features(train, p.Str("encoding"))}
	e.scale = make([]affine, len(e.features))
	values := e.bind(train)
	err := columns(ctx, len(e.features), func(j int) {
		e.scale[j] = scaling(p.Str("scaling"), len(pool), func(i int) float64 {
			return values.at(j,
				int(train.Row[pool[i]]))
		})
	})
	return e, err
}

func features(train *source.Connections, encoding string) []feature {
	var out []feature
	number := -1
	for _, name := range source.ConnectionColumns {
		s := slices.Index(source.SymbolicColumns, name)
		if s < 0 {
			number++
		}
		switch {
		case encoding == "drop_"+name:
		case s < 0:
			out = append(out, feature{number: number})
		case encoding == "binaries_as_numbers" && source.YesNo(name):
			out = append(out, feature{number: -1, symbolic: s})
		default:
			for _, level := range train.Levels[s] {
				out = append(out, feature{number: -1, symbolic: s, level: level})
			}
		}
	}
	return out
}

// bound is an encoder for the records of one file.
type bound struct {
	*encoder
	records *source.Connections
	// per symbolic feature: its value at each level in the file
	symbol  [][]float64
	numbers int // numbers per record
}

func (e *encoder) bind(c *source.Connections) *bound {
	b := &bound{encoder: e, records: c, symbol: make([][]float64, len(e.features)),
		numbers: len(c.Numbers) / c.Distinct()}
	for j, f := range e.features {
		if f.number >= 0 {
			continue
		}
		for _, level := range c.Levels[f.symbolic] {
			v := 0.0
			if level == f.level || f.level == "" && level == "1" {
				v = 1
			}
			b.symbol[j] = append(b.symbol[j], v)
		}
	}
	return b
}

// at returns the unscaled value of feature j for a distinct record.
func (b *bound) at(j, record int) float64 {
	f := b.features[j]
	if f.number >= 0 {
		return b.records.Numbers[record*b.numbers+f.number]
	}
	return b.symbol[j][b.records.Symbols[record*len(source.SymbolicColumns)+f.symbolic]]
}

// dataset builds the given rows of a file, each value scaled in float64 and rounded once.
func (e *encoder) dataset(ctx context.Context, name string, c *source.Connections, at []int,
	anomalous func(kind uint8) bool) (*bench.Dataset, error) {
	d := &bench.Dataset{Name: name, Truth: make([]bool, len(at))}
	d.X = bench.NewMatrix(len(at), len(e.features))
	values := e.bind(c)
	err := parallel(ctx, len(at), func(from, to int) {
		for r := from; r < to; r++ {
			d.Truth[r] = anomalous(c.Type[at[r]])
			record, row := int(c.Row[at[r]]), d.X.Row(r)
			for j := range row {
				row[j] = e.scale[j].of(values.at(j, record))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	d.Same, err = same(ctx, d.X)
	return d, err
}
