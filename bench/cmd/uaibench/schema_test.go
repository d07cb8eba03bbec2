package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"github.com/uaibench/uaibench/bench/spec"
	"github.com/uaibench/uaibench/experiments"
)

// TestSchemaIsCurrent checks that the committed schema is the output of `uaibench schema`; `make
// schema` renews it.
func TestSchemaIsCurrent(t *testing.T) {
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{"schema"}, &out, &errs); status != 0 {
		t.Fatal(errs.String())
	}
	committed, err := os.ReadFile(filepath.Join("..", "..", "spec", "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, out.Bytes()) {
		t.Error("bench/spec/schema.json is stale: run make schema")
	}
}

// TestExperiments checks that every committed spec fits the committed schema, parses with and
// without its smoke profile, and has a title.
func TestExperiments(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("..", "..", "spec", "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	a := &app{}
	for _, name := range experimentNames() {
		t.Run(name, func(t *testing.T) {
			text, err := experiments.Specs.ReadFile(name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			var doc any
			if err := yaml.Unmarshal(text, &doc); err != nil {
				t.Fatal(err)
			}
			// Converted through JSON, for the types that the validator expects.
			data, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(v); err != nil {
				t.Errorf("%v", err)
			}
			for _, profile := range []string{"", "smoke"} {
				p, err := spec.Parse(name+".yaml", text, a.catalog(), spec.Options{Profile: profile})
				if err != nil {
					t.Errorf("profile %q: %v", profile, err)
					continue
				}
				if p.Name != name {
					t.Errorf("%s.yaml is called %s", name, p.Name)
				}
				if want := fmt.Sprintf("experiments/%s.yaml", name); p.Title == "" {
					t.Errorf("%s has no title", want)
				}
			}
		})
	}
}
