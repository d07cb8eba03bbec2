package spec

import (
	"slices"
	"strings"
)

// layer is one storey of what wins: the spec, a profile or one --set.
type layer struct {
	*Choices
	Params, DatasetParams Params

	set bool // a --set: its bare ids choose among the entries below it
}

func profileLayer(p *Profile) *layer {
	return &layer{Choices: &p.Choices, Params: p.Params, DatasetParams: p.DatasetParams}
}

// Errors come in this order: the file's, --profile, then each --set.
const profileOrder = 1

// sets reads the --set arguments, each a layer of its own. What is wrong with them is said with
// the argument in the place of the file's name, and the argument's key as the path.
func (d *decoder) sets(args []string) []*layer {
	var out []*layer
	for i, arg := range args {
		src := &source{name: "--set " + brief(arg), order: profileOrder + 1 + i}
		if l := d.set(src, arg); l != nil {
			out = append(out, l)
		}
	}
	return out
}

func (d *decoder) set(src *source, arg string) *layer {
	key, value, ok := strings.Cut(arg, "=")
	key = strings.TrimSpace(key)
	at := &node{src: src, root: brief(key)}
	switch {
	case !ok || key == "":
		d.failAt(at, "", "write --set key=value or --set key=value,value")
		return nil
	case strings.TrimSpace(value) == "":
		d.fail(at, "there is no value after the equals sign")
		return nil
	}
	values := d.values(at, value)
	if values == nil {
		return nil
	}
	var p Profile
	if !d.place(&p, at, key, values) {
		return nil
	}
	l := profileLayer(&p)
	l.set = true
	return l
}

// values reads "a,b" as the YAML list [a,b].
func (d *decoder) values(at *node, value string) *node {
	said := len(d.errs)
	n := d.read(&source{name: at.src.name, order: at.src.order}, []byte("["+value+"]"))
	for i := said; i < len(d.errs); i++ { // no lines here, and a syntax error has no path yet
		d.errs[i].Line, d.errs[i].Col = 0, 0
		d.errs[i].Path = at.root + strings.TrimPrefix(d.errs[i].Path, at.root)
	}
	if n == nil || len(d.errs) > said {
		return nil
	}
	n.root = at.root
	if n.kind != isList || len(n.items) == 0 {
		d.fail(n, "there is no value after the equals sign")
		return nil
	}
	return n
}

var (
	// Keys of Choices whose value is a list; values after the first belong to it.
	listKeys = []string{"datasets", "methods", "seeds", "checkpoints", "protocol"}
	// Keys of Choices that are mappings: --set names one of their keys.
	mapKeys = []string{"seeds", "limits", "oracle"}
	// What a --set can begin with, for messages.
	setKeys = []string{"budget", "k", "seeds", "seeds.base", "seeds.count", "datasets", "methods", "checkpoints", "protocol", "data_seed",
		"limits.timeout", "oracle.miss", "oracle.alarm", "params.NAME", "dataset_params.NAME", "METHOD.NAME", "DATASET.NAME", "dataset.NAME", "sweep.NAME"}
)

// place decodes the values into the profile that would say the same.
func (d *decoder) place(p *Profile, at *node, key string, values *node) bool {
	first, rest, dotted := strings.Cut(key, ".")
	if dotted && rest == "" {
		d.fail(at, "a name belongs after the dot")
		return false
	}
	switch {
	case dotted && slices.Contains(mapKeys, first):
		v := single(values)
		if v == nil {
			d.fail(values, "one value, not %d: this cannot be swept", len(values.items))
			return false
		}
		return d.decode(wrap(at, first, wrap(at, rest, v)), &p.Choices)
	case dotted && first == "sweep":
		return d.axis(p, rest, values)
	case dotted && first == "params":
		return d.param(&p.Params, p, rest, rest, values)
	case dotted && first == "dataset_params":
		axis := rest
		if !strings.Contains(rest, ".") {
			axis = "dataset." + rest
		}
		return d.param(&p.DatasetParams, p, rest, axis, values)
	case dotted:
		_, method := d.cat.Method(first)
		_, dataset := d.cat.Dataset(first)
		switch {
		case method:
			return d.param(&p.Params, p, key, key, values)
		case first == "dataset":
			return d.param(&p.DatasetParams, p, rest, key, values)
		case dataset:
			return d.param(&p.DatasetParams, p, key, key, values)
		}
		if near := nearest(key, append(slices.Clone(setKeys), d.prefixed(rest)...)); near != "" {
			d.fail(at, "this cannot be set: did you mean %s?", near)
		} else {
			d.fail(at, "this cannot be set: %s", suggest(key, setKeys))
		}
		return false
	case slices.Contains(listKeys, key):
		if len(values.items) == 1 && values.items[0].kind == isList {
			values = single(values) // --set checkpoints=[0,250], too
		} else if v := single(values); (key == "seeds" || key == "checkpoints") && v != nil && v.kind == isMap {
			values = v
		}
		return d.decode(wrap(at, key, values), &p.Choices)
	case key == "budget" || key == "k":
		v := single(values)
		if v == nil {
			return d.axis(p, key, values)
		}
		return d.decode(wrap(at, key, v), &p.Choices)
	case key == "data_seed":
		v := single(values)
		if v == nil {
			d.fail(values, "one value, not %d: this cannot be swept", len(values.items))
			return false
		}
		return d.decode(wrap(at, key, v), &p.Choices)
	}
	for _, m := range d.cat.Methods {
		for _, q := range m.Params {
			if q.Name == key {
				d.fail(at, "a parameter is set as params.%s (every method that has it) or %s.%[1]s (one method)", key, m.ID)
				return false
			}
		}
	}
	d.fail(at, "this cannot be set: %s", suggest(key, setKeys))
	return false
}

// prefixed lists all that name could be a parameter of, for suggestions.
func (d *decoder) prefixed(name string) []string {
	var out []string
	for _, m := range d.cat.Methods {
		out = append(out, m.ID+"."+name)
	}
	for _, s := range d.cat.Datasets {
		out = append(out, s.ID+"."+name)
	}
	return out
}

// param sets a parameter, or makes an axis of it where there are several values.
func (d *decoder) param(to *Params, p *Profile, name, axis string, values *node) bool {
	v := single(values)
	if v == nil {
		return d.axis(p, axis, values)
	}
	*to = Params{name: v}
	return true
}

func (d *decoder) axis(p *Profile, name string, values *node) bool {
	p.Sweep = Sweep{name: values.items}
	return true
}

// single returns the only value, standing for itself; nil if there are several.
func single(values *node) *node {
	if len(values.items) != 1 {
		return nil
	}
	v := values.items[0]
	v.parent, v.root = nil, values.root
	return v
}

// wrap makes the mapping {key: v}, in which v and the key keep at's path.
func wrap(at *node, key string, v *node) *node {
	k := &node{kind: isText, text: key, src: at.src, root: at.root}
	return &node{kind: isMap, src: at.src, root: at.root, keys: []*node{k}, items: []*node{v}}
}
