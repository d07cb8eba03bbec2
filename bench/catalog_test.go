package bench

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var testParams = []Param{
	{Name: "hidden", Kind: Ints, Default: []int{256, 64, 8}, Min: At(1)},
	{Name: "steps", Kind: Int, Default: 5000, Min: At(1), Max: At(1e6)},
	{Name: "rate", Kind: Float, Default: 1e-3, Min: At(0)},
	{Name: "act", Kind: String, Default: "relu", Enum: []string{"relu", "sigmoid"}},
	{Name: "note", Kind: String, Default: ""},
	{Name: "cold", Kind: Bool, Default: true},
	{Name: "few", Kind: Ints, Default: []int{1}, Most: 3},
}

func TestResolve(t *testing.T) {
	p, errs := Resolve(testParams, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	if diff := cmp.Diff(Params{"hidden": []int{256, 64, 8}, "steps": 5000, "rate": 1e-3, "act": "relu", "note": "", "cold": true, "few": []int{1}}, p); diff != "" {
		t.Error(diff)
	}
	// Values as YAML and JSON decode them.
	p, errs = Resolve(testParams, map[string]any{"hidden": []any{8, 4.0}, "steps": 7.0, "rate": 1, "act": "sigmoid", "cold": false, "few": []any{3, 2, 1}})
	if errs != nil {
		t.Fatal(errs)
	}
	if diff := cmp.Diff(Params{"hidden": []int{8, 4}, "steps": 7, "rate": 1.0, "act": "sigmoid", "note": "", "cold": false, "few": []int{3, 2, 1}}, p); diff != "" {
		t.Error(diff)
	}
	if p.Int("steps") != 7 || p.Float("rate") != 1 || p.Ints("hidden")[1] != 4 || p.Str("act") != "sigmoid" || p.Bool("cold") {
		t.Error("an accessor returns something else")
	}
	_, errs = Resolve(testParams, map[string]any{"stops": 3, "steps": 0, "cold": 1, "hidden": []any{}})
	want := []string{"cold: 1 is not true or false", "hidden: the list is empty", "steps: 0 is below the least allowed value, 1", `unknown parameter "stops"`}
	if len(errs) != len(want) {
		t.Fatalf("%v", errs)
	}
	for i, e := range errs {
		if !strings.HasPrefix(e.Error(), want[i]) {
			t.Errorf("error %d: %v, want %q", i, e, want[i])
		}
	}
}

// A later parameter changes no id while it is at its default.
func TestLaterParametersKeepIDs(t *testing.T) {
	later := append(slices.Clip(testParams), Param{Name: "head", Kind: Ints, Default: []int{4}, Later: true})
	id := func(known []Param, given map[string]any) string {
		p, errs := Resolve(known, given)
		if errs != nil {
			t.Fatal(errs)
		}
		return Cell{Method: MethodRef{ID: "m", Params: p}}.ID()
	}
	before := id(testParams, nil)
	if id(later, nil) != before || id(later, map[string]any{"head": []any{4.0}}) != before {
		t.Error("a later parameter at its default changes the id")
	}
	if id(later, map[string]any{"head": []any{5}}) == before {
		t.Error("a later parameter off its default leaves the id as it was")
	}
	p, _ := Resolve(later, nil)
	full := Complete(later, p)
	if _, there := p["head"]; there || full.Ints("head")[0] != 4 || full.Int("steps") != 5000 {
		t.Errorf("resolved %v, completed %v", p, full)
	}
	if got := Complete(later, Params{"head": []int{9}}); got.Ints("head")[0] != 9 {
		t.Error("Complete overwrites what is set")
	}
}

func TestNormalizeRefuses(t *testing.T) {
	for _, c := range []struct {
		param int
		value any
		want  string
	}{
		{6, []any{1, 2, 3, 4}, "the list has 4 integers: at most 3"},
		{0, []any{8, "x"}, `[8,"x"] is not a list of integers`}, {0, 8, "8 is not a list"}, {0, []any{8, 0}, "0 is below"}, {0, nil, "null is not"},
		{1, 1.5, "1.5 is not an integer"}, {1, "3", `"3" is not an integer`}, {1, 2e6, "2000000 is above the largest allowed value, 1000000"}, {1, true, "true is not an integer"},
		{1, 1 << 53, "is not an integer"}, {1, uint64(math.MaxUint64), "is not an integer"}, {1, math.NaN(), "is not an integer"},
		{1, int64(1 << 53), "is not an integer"}, {1, int64(-1 << 53), "is not an integer"}, {1, -1 << 53, "is not an integer"}, {1, uint64(1 << 53), "is not an integer"},
		{2, math.NaN(), "NaN is not a finite number"}, {2, math.Inf(1), "+Inf is not a finite number"}, {2, -1e-9, "-1e-09 is below the least allowed value, 0"}, {2, "1", `"1" is not a finite`},
		{3, "tanh", `"tanh" is not one of relu, sigmoid`}, {3, 4, "4 is not a string"}, {5, "yes", `"yes" is not true or false`},
	} {
		if v, err := testParams[c.param].Normalize(c.value); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %v: %v, %v; want %q", testParams[c.param].Name, c.value, v, err, c.want)
		}
	}
}

// Normalize accepts every numeric type that decoders return.
func TestNormalizeAcceptsEveryInteger(t *testing.T) {
	for _, v := range []any{7, int64(7), uint64(7), 7.0} {
		if got, err := testParams[1].Normalize(v); err != nil || got != 7 {
			t.Errorf("%T: %v, %v", v, got, err)
		}
	}
}

// Parameters have the same bytes after encoding and decoding, so a cell keeps its id.
func TestParamsRoundTrip(t *testing.T) {
	p, errs := Resolve(testParams, map[string]any{"rate": 3, "steps": 999999, "note": "<&>é\u2028"})
	if errs != nil {
		t.Fatal(errs)
	}
	first, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back Params
	if err := json.Unmarshal(first, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(first) {
		t.Errorf("%s reads back as %s", first, again)
	}
	if back.Int("steps") != 999999 || back.Float("rate") != 3 || back.Ints("hidden")[0] != 256 {
		t.Error("an accessor cannot read what JSON makes of numbers")
	}
}

// A list of words accepts numbers and booleans as decoded from YAML, and is the same after JSON.
func TestStrings(t *testing.T) {
	list := Param{Name: "anomaly", Kind: Strings, Default: []string{}}
	for _, v := range []any{[]string{"1", "-1", "true", "2.5"}, []any{1, -1.0, true, 2.5}} {
		if got, err := list.Normalize(v); err != nil || strings.Join(got.([]string), " ") != "1 -1 true 2.5" {
			t.Errorf("%v: %v, %v", v, got, err)
		}
	}
	for _, v := range []any{"1", nil, 3, []any{"a", nil}, []any{[]any{"a"}}} {
		if got, err := list.Normalize(v); err == nil || !strings.Contains(err.Error(), "is not a list of words") {
			t.Errorf("%v: %v, %v", v, got, err)
		}
	}
	p, errs := Resolve([]Param{list}, map[string]any{"anomaly": []any{1, "x,y"}})
	text, err := json.Marshal(p)
	var back Params
	if errs != nil || err != nil || string(text) != `{"anomaly":["1","x,y"]}` || json.Unmarshal(text, &back) != nil || !slices.Equal(back.Strs("anomaly"), []string{"1", "x,y"}) {
		t.Errorf("%v, %s, %v, %v", errs, text, err, back)
	}
}

// A fit applies with its parameter's value, and a fit of the split only to a split dataset.
func TestFittedWith(t *testing.T) {
	d := DatasetInfo{Params: testParams, Fitted: []Fit{{Is: "always"}, {Param: "act", Value: "relu", Is: "relu"}, {Param: "steps", Value: 7, Is: "seven"}, {Param: "note", Is: "note"}, {Split: true, Is: "split"}}}
	for _, c := range []struct {
		p     Params
		split bool
		want  string
	}{{nil, false, "always relu note"}, {Params{"act": "sigmoid", "steps": 7.0}, false, "always seven note"}, {Params{"steps": 8}, true, "always relu note split"}} {
		var got []string
		for _, f := range d.FittedWith(c.p, c.split) {
			got = append(got, f.Is)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%v, %v: %v, want %s", c.p, c.split, got, c.want)
		}
	}
}

func TestParamsPanic(t *testing.T) {
	p := Params{"steps": "many"}
	for want, f := range map[string]func(){
		"bench: no parameter rate":             func() { p.Float("rate") },
		`bench: parameter steps is "many"`:     func() { p.Int("steps") },
		"bench: parameter x has unknown kind ": func() { Param{Name: "x"}.Normalize(1) },
	} {
		func() {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panic %v, want %q", got, want)
				}
			}()
			f()
		}()
	}
}

func TestCatalog(t *testing.T) {
	c := Catalog{Datasets: []DatasetInfo{{ID: "a"}, {ID: "b"}}, Methods: []MethodInfo{{ID: "m"}}}
	if d, ok := c.Dataset("b"); !ok || d.ID != "b" {
		t.Error("dataset b is not found")
	}
	if _, ok := c.Dataset("m"); ok {
		t.Error("a method is taken for a dataset")
	}
	if m, ok := c.Method("m"); !ok || m.ID != "m" {
		t.Error("method m is not found")
	}
	if _, ok := c.Method("a"); ok {
		t.Error("a dataset is taken for a method")
	}
}
