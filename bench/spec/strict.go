package spec

import (
	"fmt"
	"reflect"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// Decode fills v, a pointer to a struct with json tags, from a YAML file other than a spec, as
// strictly as a spec is read: unknown, missing and repeated keys, values of another kind, and
// values that the tags (see language.go) do not allow are errors, all reported at once, each with
// its place and, for names, the nearest valid one. Fields are string (one line), int, uint64,
// float64, bool, structs, pointers, slices and maps of these; ",omitempty" makes a key optional.
//
// If the error is not nil, v has the values that could be read, and the places are still usable.
func Decode(file string, data []byte, v any) (*Places, error) {
	d := newDecoder(bench.Catalog{})
	for _, k := range keysOf(reflect.TypeOf(v).Elem()) {
		if k.required {
			d.needs = append(d.needs, k.name)
		}
	}
	if root := d.read(&tree.Source{Name: file, Lines: true}, data); root != nil {
		d.decode(root, v)
	}
	p := &Places{d}
	return p, p.Err()
}

// Places locates the values of a decoded file, for errors about their meaning.
type Places struct{ d *decoder }

// Fail records an error at a decoded value; v is its address. It panics if v was not decoded.
func (p *Places) Fail(v any, format string, args ...any) {
	n := p.d.where[v]
	if n == nil {
		panic(fmt.Sprintf("spec: %T was not decoded", v))
	}
	p.d.fail(n, format, args...)
}

// Err returns all errors so far, in the order of the file, or nil.
func (p *Places) Err() error {
	if len(p.d.errs) == 0 {
		return nil
	}
	return p.d.errs.Sorted()
}
