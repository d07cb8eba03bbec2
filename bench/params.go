package bench

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Kind is the type of a parameter.
type Kind string

const (
	Bool   Kind = "bool"
	Int    Kind = "int"
	Float  Kind = "float"
	String Kind = "string"
	Ints   Kind = "ints" // a non-empty list of integers

	Strings Kind = "strings" // a list of words, possibly empty
	Any     Kind = "any"     // a boolean, number or word, or a list of any of these
)

// Param describes a parameter of a method or a dataset. Every choice that the paper leaves open is
// a parameter, never a constant in code.
type Param struct {
	Name    string
	Kind    Kind
	Default any      // bool, int, float64, string, []int, []string or []any, according to Kind
	Min     *float64 // for Int, Float and each of Ints; nil: unbounded
	Max     *float64
	Most    int      // for Ints: the maximum length; 0: unbounded
	Enum    []string // for String; nil: any
	Doc     string   // one line
	// Source of the default: "paper, App. A.1", "TensorFlow 1.x", "our assumption"
	Source string
	Open   string // the open point that it settles, "U1" … "U21"; "" if the paper states it

	// Later marks a parameter that was added after results were published. Its default gives the
	// earlier behaviour, and resolved parameters omit it then, so that the ids of those results do
	// not change.
	Later bool
}

// At returns a bound for Param.Min and Param.Max.
func At(v float64) *float64 { return &v }

// Normalize converts v (as decoded from YAML or JSON) to the parameter's own type, or returns why
// it is not valid.
func (p Param) Normalize(v any) (any, error) {
	switch p.Kind {
	case Bool:
		if b, ok := v.(bool); ok {
			return b, nil
		}
		return nil, fmt.Errorf("%v is not true or false", show(v))
	case Int:
		i, ok := asInt(v)
		if !ok {
			return nil, fmt.Errorf("%v is not an integer", show(v))
		}
		return i, p.bounds(float64(i))
	case Float:
		f, ok := asFloat(v)
		if !ok || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, fmt.Errorf("%v is not a finite number", show(v))
		}
		return f, p.bounds(f)
	case String:
		s, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("%v is not a string", show(v))
		}
		if p.Enum != nil && !slices.Contains(p.Enum, s) {
			return nil, fmt.Errorf("%q is not one of %s", s, strings.Join(p.Enum, ", "))
		}
		return s, nil
	case Ints:
		l, ok := asInts(v)
		if !ok {
			return nil, fmt.Errorf("%v is not a list of integers", show(v))
		}
		if len(l) == 0 {
			return nil, fmt.Errorf("the list is empty: it needs at least one integer")
		}
		if p.Most > 0 && len(l) > p.Most {
			return nil, fmt.Errorf("the list has %d integers: at most %d", len(l), p.Most)
		}
		for _, i := range l {
			if err := p.bounds(float64(i)); err != nil {
				return nil, err
			}
		}
		return l, nil
	}
	if p.Kind == Strings {
		l, ok := asStrings(v)
		if !ok {
			return nil, fmt.Errorf("%v is not a list of words", show(v))
		}
		return l, nil
	}
	if p.Kind == Any {
		return asAny(v)
	}
	panic("bench: parameter " + p.Name + " has unknown kind " + string(p.Kind))
}

func (p Param) bounds(v float64) error {
	switch {
	case p.Min != nil && v < *p.Min:
		return fmt.Errorf("%s is below the least allowed value, %s", number(v), number(*p.Min))
	case p.Max != nil && v > *p.Max:
		return fmt.Errorf("%s is above the largest allowed value, %s", number(v), number(*p.Max))
	}
	return nil
}

// number formats integers without an exponent (1000000, not 1e+06).
func number(v float64) string {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}

// asInt accepts integers that a float64 holds exactly, since JSON decodes them as float64: a plan
// that is written and read again must keep its cells' ids.
func asInt(v any) (int, bool) {
	const exact = 1 << 53
	switch v := v.(type) {
	case int:
		return v, -exact < v && v < exact
	case int64:
		return int(v), -exact < v && v < exact
	case uint64:
		return int(v), v < exact
	case float64:
		return int(v), v == math.Trunc(v) && math.Abs(v) < exact
	}
	return 0, false
}

func asFloat(v any) (float64, bool) {
	if f, ok := v.(float64); ok {
		return f, true
	}
	i, ok := asInt(v)
	return float64(i), ok
}

func asInts(v any) ([]int, bool) {
	switch v := v.(type) {
	case []int:
		return v, true
	case []any:
		out := make([]int, len(v))
		for i, e := range v {
			n, ok := asInt(e)
			if !ok {
				return nil, false
			}
			out[i] = n
		}
		return out, true
	}
	return nil, false
}

// asStrings accepts words, and numbers and booleans as YAML writes them: [1, -1] are the words 1
// and -1.
func asStrings(v any) ([]string, bool) {
	switch v := v.(type) {
	case []string:
		return v, true
	case []any:
		out := make([]string, len(v))
		for i, e := range v {
			switch e := e.(type) {
			case string:
				out[i] = e
			case bool:
				out[i] = strconv.FormatBool(e)
			default:
				f, ok := asFloat(e)
				if !ok {
					return nil, false
				}
				out[i] = number(f)
			}
		}
		return out, true
	}
	return nil, false
}

// asAny accepts the values of kind Any, and returns integers as int.
func asAny(v any) (any, error) {
	switch v := v.(type) {
	case bool, string:
		return v, nil
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			var err error
			if out[i], err = asAny(e); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	if i, ok := asInt(v); ok {
		return i, nil
	}
	if f, ok := asFloat(v); ok && !math.IsNaN(f) && !math.IsInf(f, 0) {
		return f, nil
	}
	return nil, fmt.Errorf("%v is neither a number, a word nor a list of these", show(v))
}

// Params are a method's or dataset's resolved parameters: all of the catalogue's, by name, except
// those with Param.Later that are at their default; Complete adds them. They are read-only once
// resolved. In JSON the names are sorted and integral floats are written as integers, so equal
// parameters give equal bytes.
type Params map[string]any

// Resolve returns given with the defaults of absent parameters, except those with Param.Later at
// their default. Unknown names and bad values are errors, one each, in the order of their names.
func Resolve(known []Param, given map[string]any) (Params, []error) {
	out := Params{}
	for _, p := range known {
		if !p.Later {
			out[p.Name] = p.Default
		}
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(given)) {
		i := slices.IndexFunc(known, func(p Param) bool { return p.Name == name })
		if i < 0 {
			errs = append(errs, fmt.Errorf("unknown parameter %q", name))
			continue
		}
		v, err := known[i].Normalize(given[name])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", name, err))
			continue
		}
		if known[i].Later && reflect.DeepEqual(v, known[i].Default) {
			continue
		}
		out[name] = v
	}
	return out, errs
}

// Complete returns p with the defaults of all known parameters that it lacks.
func Complete(known []Param, p Params) Params {
	out := maps.Clone(p)
	if out == nil {
		out = Params{}
	}
	for _, q := range known {
		if _, ok := out[q.Name]; !ok {
			out[q.Name] = q.Default
		}
	}
	return out
}

func get[T any](p Params, name string, as func(any) (T, bool)) T {
	v, ok := p[name]
	if !ok {
		panic("bench: no parameter " + name)
	}
	t, ok := as(v)
	if !ok {
		panic(fmt.Sprintf("bench: parameter %s is %s", name, show(v)))
	}
	return t
}

// Int returns an Int parameter; like the other accessors, it panics if there is none of that name
// and type.
func (p Params) Int(name string) int       { return get(p, name, asInt) }
func (p Params) Float(name string) float64 { return get(p, name, asFloat) }
func (p Params) Ints(name string) []int    { return get(p, name, asInts) }
func (p Params) Strs(name string) []string { return get(p, name, asStrings) }
func (p Params) Bool(name string) bool {
	return get(p, name, func(v any) (bool, bool) { b, ok := v.(bool); return b, ok })
}
func (p Params) Str(name string) string {
	return get(p, name, func(v any) (string, bool) { s, ok := v.(string); return s, ok })
}
