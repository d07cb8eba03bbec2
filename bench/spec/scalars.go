package spec

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec/tree"
)

// scalar fills a string, a number or a bool.
func (d *decoder) scalar(n *node, r reflect.Value, k key) bool {
	var p bench.Param
	switch r.Kind() {
	case reflect.String:
		p.Kind = bench.String
	case reflect.Int, reflect.Uint64:
		p.Kind = bench.Int
	case reflect.Float64:
		p.Kind = bench.Float
	case reflect.Bool:
		p.Kind = bench.Bool
	default:
		panic("spec: cannot decode into " + r.Type().String())
	}
	var v any
	ok := false
	if len(k.enum) > 0 {
		v, ok = d.word(n, k)
	} else {
		v, ok = d.value(n, p)
	}
	if !ok || !d.within(n, v, k.bounds, k.hint) {
		return false
	}
	r.Set(reflect.ValueOf(v).Convert(r.Type()))
	return true
}

// within reports whether a scalar is within its bounds, and the error if it is not.
func (d *decoder) within(n *node, v any, b bounds, hint string) bool {
	var x float64
	switch v := v.(type) {
	case int:
		x = float64(v)
	case float64:
		x = v
	case string:
		if b.pattern != nil && (!b.pattern.MatchString(v) || len(v) > b.maxLength) {
			d.fail(n, "%q is not %s, at most %d characters", tree.Brief(v), hint, b.maxLength)
			return false
		}
		return true
	}
	switch {
	case b.min != nil && x < *b.min:
		d.fail(n, "%s is below %v", n.Text, *b.min)
	case b.above && x == *b.min:
		d.fail(n, "%s is not above %v", n.Text, *b.min)
	case b.max != nil && x > *b.max:
		d.fail(n, "%s is above %v", n.Text, *b.max)
	default:
		return true
	}
	return false
}

// duration fills a Duration.
func (d *decoder) duration(n *node, r reflect.Value) bool {
	if n.Kind == tree.Int || n.Kind == tree.Float {
		d.fail(n, "%s has no unit: write %[1]sm for minutes or %[1]ss for seconds",
			tree.Brief(n.Text))
		return false
	}
	if n.Kind != tree.Text {
		d.fail(n, "%s", n.Wrong(wanted(durationType, key{})))
		return false
	}
	v, err := time.ParseDuration(n.Text)
	switch {
	case err == nil && v <= 0:
		d.fail(n, "%s is not above zero: leave it out for no limit", tree.Brief(n.Text))
		return false
	case err != nil || !durationForm.MatchString(n.Text):
		d.fail(n, "%q is not a duration: write it as 90s, 30m or 1h30m", tree.Brief(n.Text))
		return false
	}
	r.SetInt(int64(v))
	return true
}

// param decodes the value of a parameter in the catalogue.
func (d *decoder) param(n *node, p bench.Param) (any, bool) {
	switch p.Kind {
	case bench.Ints:
		return d.integers(n, p)
	case bench.Strings:
		return d.words(n, p)
	case bench.Any:
		return d.any(n)
	}
	if n.Kind == tree.List && (n.Parent == nil || n.Parent.Kind == tree.Map) {
		d.fail(n, "%s%s", n.Wrong(article(p)), sweepHint(n, axisOf(n)))
		return nil, false
	}
	v, ok := d.value(n, p)
	if !ok {
		return nil, false
	}
	return d.normal(n, p, v)
}

// value decodes a scalar of p's kind, or one of p's enumerated words.
func (d *decoder) value(n *node, p bench.Param) (v any, ok bool) {
	var err error
	switch p.Kind {
	case bench.String:
		if p.Enum != nil {
			return d.word(n, key{bounds: bounds{enum: p.Enum}})
		}
		return d.text(n)
	case bench.Bool:
		ok, v = n.Kind == tree.Bool, strings.EqualFold(n.Text, "true")
	case bench.Int:
		if ok = n.Kind == tree.Int; ok {
			v, err = strconv.Atoi(n.Text)
		}
	case bench.Float:
		if ok = n.Kind == tree.Int || n.Kind == tree.Float; ok {
			var f float64
			f, err = strconv.ParseFloat(n.Text, 64)
			v = f + 0 // -0 becomes 0: equal parameters are equal bytes
		}
	default:
		panic("spec: parameter " + p.Name + " has unknown kind " + string(p.Kind))
	}
	switch {
	case !ok:
		d.fail(n, "%s", n.Wrong(article(p)))
	case err != nil:
		d.fail(n, "%s is not a finite number", tree.Brief(n.Text))
	}
	return v, ok && err == nil
}

// article names a parameter's scalar kind for messages.
func article(p bench.Param) string {
	switch p.Kind {
	case bench.Bool:
		return "true or false"
	case bench.Int:
		return "an integer"
	case bench.Float:
		return "a number"
	}
	return cmp.Or(tree.OrList(p.Enum), "text")
}

func (d *decoder) normal(n *node, p bench.Param, v any) (any, bool) {
	v, err := p.Normalize(v)
	if err != nil {
		d.fail(n, "%s", err)
	}
	return v, err == nil
}

// integers decodes a list item by item, so that an error is at the item's place.
func (d *decoder) integers(n *node, p bench.Param) (any, bool) {
	if n.Kind != tree.List {
		hint := ""
		if in := n.Parent; n.Kind == tree.Int && in != nil && in.Parent == nil &&
			in.Kind == tree.List { // hidden=64,8
			hint = fmt.Sprintf(": for one list, write %s=%s", in.Root,
				tree.Brief(strings.ReplaceAll(in.Flow(), ", ", ",")))
		} else if n.Kind == tree.Int {
			hint = ": write [" + n.Text + "]"
		}
		d.fail(n, "%s%s", n.Wrong("a list of integers"), hint)
		return nil, false
	}
	one := p
	one.Kind = bench.Int
	list := make([]int, 0, len(n.Items))
	for _, item := range n.Items {
		if v, ok := d.param(item, one); ok {
			list = append(list, v.(int))
		}
	}
	if len(list) < len(n.Items) {
		return nil, false
	}
	return d.normal(n, p, list)
}

// words decodes a list of words, or a single word; booleans and numbers are kept as written.
func (d *decoder) words(n *node, p bench.Param) (any, bool) {
	items := n.Items
	if n.Kind != tree.List {
		items = []*node{n}
	}
	list := make([]string, 0, len(items))
	for _, item := range items {
		switch {
		case item.Kind == tree.Bool || item.Kind == tree.Int || item.Kind == tree.Float:
			list = append(list, item.Text)
		default:
			if v, ok := d.text(item); ok {
				list = append(list, v.(string))
			}
		}
	}
	return list, len(list) == len(items)
}

// any decodes a value of a program's parameter.
func (d *decoder) any(n *node) (any, bool) {
	kind := map[tree.Kind]bench.Kind{tree.Bool: bench.Bool, tree.Int: bench.Int,
		tree.Float: bench.Float, tree.Text: bench.String}[n.Kind]
	switch n.Kind {
	case tree.List:
		list := make([]any, 0, len(n.Items))
		for _, item := range n.Items {
			if v, ok := d.any(item); ok {
				list = append(list, v)
			}
		}
		return list, len(list) == len(n.Items)
	case tree.Map, tree.Null:
		d.fail(n, "%s", n.Wrong("a number, true, false, text or a list of these"))
		return nil, false
	}
	v, ok := d.value(n, bench.Param{Kind: kind})
	if !ok {
		return nil, false
	}
	return d.normal(n, bench.Param{Kind: bench.Any}, v)
}

// word decodes one of a key's enumerated words, or the former name of one.
func (d *decoder) word(n *node, k key) (any, bool) {
	now, renamed := k.former[n.Text]
	switch {
	case n.Kind != tree.Text:
		d.fail(n, "%s", n.Wrong(tree.OrList(k.enum)))
	case slices.Contains(k.enum, n.Text):
		return n.Text, true
	case renamed:
		return now, true
	case k.other != "" && tree.Nearest(n.Text, k.enum) == "":
		d.fail(n, "unknown value %q: %s, or %s", tree.Brief(n.Text), tree.Suggest(n.Text, k.enum),
			k.other)
	default:
		d.fail(n, "unknown value %q: %s", tree.Brief(n.Text), tree.Suggest(n.Text, k.enum))
	}
	return nil, false
}

const maxText = 500 // characters

// text decodes one line of text. An unquoted yes or no is an error, as older YAML readers read it
// as a boolean.
func (d *decoder) text(n *node) (any, bool) {
	switch c := utf8.RuneCountInString(n.Text); {
	case n.Kind != tree.Text:
		d.fail(n, "%s", n.Wrong("text"))
	case !n.Quoted && tree.YesNo(n.Text) != "":
		d.fail(n, "%s is read as %s by some YAML readers: put it in quotes, %q", n.Text,
			tree.YesNo(n.Text), n.Text)
	case strings.TrimSpace(n.Text) == "":
		d.fail(n, "the text is empty")
	case strings.ContainsAny(n.Text, "\n\r\t"):
		d.fail(n, "the text has more than one line, or a tab")
	case c > maxText:
		d.fail(n, "the text has %d characters: at most %d", c, maxText)
	default:
		return n.Text, true
	}
	return nil, false
}
