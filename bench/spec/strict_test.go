package spec

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

type strictPart struct {
	ID     string             `json:"id"`
	Share  float64            `json:"share,omitempty"`
	Values map[string]float64 `json:"values,omitempty"`
}

type strictFile struct {
	Schema int          `json:"schema"`
	On     bool         `json:"on,omitempty"`
	Least  *float64     `json:"least,omitempty"`
	Parts  []strictPart `json:"parts"`
}

// A file other than a spec is read with the same strictness, and errors about its meaning have
// places.
func TestDecode(t *testing.T) {
	var f strictFile
	p, err := Decode("x.yaml", []byte("schema: 1\non: true\nleast: -0.05\nparts:\n  - {id: a, share: 2}\n  - {id: b, values: {q: 0.5, r: 3}}\n"), &f)
	if err != nil {
		t.Fatal(err)
	}
	least := -0.05
	want := strictFile{1, true, &least, []strictPart{{ID: "a", Share: 2}, {ID: "b", Values: map[string]float64{"q": 0.5, "r": 3}}}}
	if d := cmp.Diff(want, f); d != "" {
		t.Error(d)
	}
	p.Fail(&f.Parts[1], "no such part")
	p.Fail(&f.Parts[0].Share, "%g is above 1", f.Parts[0].Share)
	if got, want := p.Err().Error(), "x.yaml:5:20: parts[0].share: 2 is above 1\nx.yaml:6:5: parts[1]: no such part"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	_, err = Decode("x.yaml", []byte("schema: one\non: maybe\npart: []\nparts:\n  - {id: a, share: much}\n  - {share: 1}\n"), &strictFile{})
	want2 := `x.yaml:1:9: schema: "one" (text) where an integer belongs
x.yaml:2:5: on: "maybe" (text) where true or false belongs
x.yaml:3:1: part: unknown key: did you mean parts?
x.yaml:5:20: parts[0].share: "much" (text) where a number belongs
x.yaml:6:5: parts[1].id: missing`
	if err == nil || err.Error() != want2 {
		t.Errorf("got\n%v\nwant\n%s", err, want2)
	}
}

type strictWords struct {
	Kind  string   `json:"kind" jsonschema:"enum=bound,enum=order"`
	Share float64  `json:"share,omitempty" jsonschema:"minimum=0,maximum=1" default:"0.5"`
	Of    []string `json:"of,omitempty" jsonschema:"minItems=1,uniqueItems=true" form:"one"`
	Name  string   `json:"name"`
}

// The tags of the language apply to other files as well: enumerated words, bounds, defaults, lists
// of one item.
func TestDecodeTags(t *testing.T) {
	var w strictWords
	if _, err := Decode("w.yaml", []byte("kind: order\nname: x\nof: a\n"), &w); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(strictWords{"order", 0.5, []string{"a"}, "x"}, w); d != "" {
		t.Error(d)
	}
	for text, want := range map[string]string{
		"": "w.yaml:1:1: the file is empty: it needs kind and name",
		"kind: ordr\nshare: 2\nof: [a, a]\n": "w.yaml:1:1: name: missing\n" +
			"w.yaml:1:7: kind: unknown value \"ordr\": did you mean order?\n" +
			"w.yaml:2:8: share: 2 is above 1\nw.yaml:3:9: of[1]: a is listed twice",
	} {
		if _, err := Decode("w.yaml", []byte(text), &strictWords{}); err == nil || err.Error() != want {
			t.Errorf("got\n%v\nwant\n%s", err, want)
		}
	}
}
