package spec_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

// compiled compiles the schema with a JSON Schema implementation other than the one that generated
// it.
func compiled(t testing.TB, cat bench.Catalog) *jsonschema.Schema {
	t.Helper()
	text, err := spec.Schema(cat)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("spec.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("spec.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate validates YAML; readable reports whether it could be read.
func validate(t testing.TB, s *jsonschema.Schema, yaml []byte) (readable bool, err error) {
	t.Helper()
	text, ok := spec.Tree(yaml)
	if !ok {
		return false, nil
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return true, s.Validate(doc)
}

func TestSchemaAccepts(t *testing.T) {
	s := compiled(t, catalog())
	files, _ := filepath.Glob("testdata/valid/*.yaml")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if readable, err := validate(t, s, data); !readable || err != nil {
			t.Errorf("%s: readable %v, %v", file, readable, err)
		}
	}
}

// TestSchemaRejects checks that the schema rejects every error in a readable spec except those that
// need more than its text: comparisons of numbers with data and of entries with each other, and
// forms that YAML readers do not distinguish.
func TestSchemaRejects(t *testing.T) {
	beyond := []string{
		"budget-above-rows", "compare", "checkpoints-beyond", "looks-nowhere", "looks-impossible", "class-labels", "contamination", "duplicate-ids", "duplicate-labels", "twins",
		"name-yes", "no-budget", "profile-own-mistakes", "protocol", "rows-above", "seeds-many", "seeds-overflow", "sweep-too-large",
	}
	s := compiled(t, catalog())
	files, _ := filepath.Glob("testdata/broken/*.yaml")
	rejected := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		readable, err := validate(t, s, data)
		if !readable {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		if want := !slices.Contains(beyond, name); (err != nil) != want {
			t.Errorf("%s: rejected: %v, want %v: %v", name, err != nil, want, err)
		}
		if err != nil {
			rejected++
		}
	}
	if rejected < 25 {
		t.Errorf("only %d broken specs were rejected", rejected)
	}
}

func TestSchemaText(t *testing.T) {
	a, err := spec.Schema(catalog())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if b, err := spec.Schema(catalog()); err != nil || !bytes.Equal(a, b) {
			t.Fatalf("another schema at the second time (%v)", err)
		}
	}
	if !bytes.HasSuffix(a, []byte("}\n")) || !bytes.Contains(a, []byte("\n  \"$defs\"")) {
		t.Error("not indented, or without a newline at the end")
	}
	var doc struct {
		Schema      string `json:"$schema"`
		Description string
		Additional  *bool `json:"additionalProperties"`
		Properties  map[string]struct{ Description string }
		Defs        map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal(a, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != "https://json-schema.org/draft/2020-12/schema" || doc.Additional == nil || *doc.Additional {
		t.Errorf("$schema %q, additionalProperties %v", doc.Schema, doc.Additional)
	}
	for key, p := range doc.Properties {
		if p.Description == "" {
			t.Errorf("%s has no description", key)
		}
	}
	for _, name := range []string{"method.dae_uai", "dataset.mnist0", "Profile"} {
		if doc.Defs[name] == nil {
			t.Errorf("no definition of %s", name)
		}
	}
}

// TestSchemaWithoutParameters checks that catalogues whose methods have no parameters, and empty
// catalogues, give a valid schema too.
func TestSchemaWithoutParameters(t *testing.T) {
	plain := bench.Catalog{
		Datasets: []bench.DatasetInfo{{ID: "toy", Rows: func(bench.Params, uint64) (int, bool) { return 10, true }}},
		Methods:  []bench.MethodInfo{{ID: "random"}},
	}
	good := []byte("{version: 1, name: x, datasets: [toy], methods: [random], budget: 5}")
	if _, err := validate(t, compiled(t, plain), good); err != nil {
		t.Error(err)
	}
	if _, err := spec.Parse("x", good, plain, spec.Options{}); err != nil {
		t.Error(err)
	}
	if _, err := validate(t, compiled(t, bench.Catalog{}), good); err == nil {
		t.Error("a schema of no catalogue takes ids")
	}
	if _, err := spec.Parse("x", good, bench.Catalog{}, spec.Options{}); err == nil || !strings.Contains(err.Error(), ": there are none") {
		t.Error(err)
	}
}
