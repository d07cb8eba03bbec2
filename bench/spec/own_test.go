package spec_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

// ownCatalog is the test's catalogue with the user's own files and programs. The file fraud.csv has
// 100 rows, 5 anomalies and, if a class column is given, three classes; copy.csv has the same
// content; bad.csv has two errors, and other files do not exist. asked collects the folders and
// paths that Read is called with.
func ownCatalog(asked *[]string) bench.Catalog {
	cat := catalog()
	one := func(n int) func(bench.Params, uint64) (int, bool) {
		return func(p bench.Params, _ uint64) (int, bool) {
			if k, ok := p["rows"].(int); ok && k > 0 {
				return k, true
			}
			return n, true
		}
	}
	info := bench.DatasetInfo{ID: bench.FileID, Doc: "a table of your own", Version: 7, Params: []bench.Param{
		{Name: "label", Kind: bench.String, Default: ""}, {Name: "anomaly", Kind: bench.Strings, Default: []string{}},
		{Name: "class", Kind: bench.String, Default: ""}, {Name: "drop", Kind: bench.Strings, Default: []string{}},
		{Name: "categorical", Kind: bench.Strings, Default: []string{}},
		{Name: "missing", Kind: bench.String, Default: "error", Enum: []string{"error", "mean", "drop"}},
		{Name: "header", Kind: bench.String, Default: "auto", Enum: []string{"auto", "yes", "no"}},
		{Name: "scaling", Kind: bench.String, Default: "minmax", Enum: []string{"minmax", "zscore", "none"}},
		{Name: "rows", Kind: bench.Int, Default: 0, Min: bench.At(0)},
	}}
	sums := map[string]string{"fraud.csv": "f00d", "copy.csv": "f00d", "other.csv": "beef"}
	cat.File = &bench.FileCatalog{Info: info,
		Read: func(folder, path string, given map[string]any) (bench.DatasetInfo, string, []error) {
			if asked != nil {
				*asked = append(*asked, folder+" "+path)
			}
			if path == "bad.csv" {
				return bench.DatasetInfo{}, "", []error{errors.New("bad.csv: line 3, column 2 (age): is empty"), errors.New("bad.csv: line 9: has 4 fields, want 3")}
			}
			if sums[path] == "" {
				return bench.DatasetInfo{}, "", []error{fmt.Errorf("%s: there is no such file in %s", path, folder)}
			}
			out := info
			out.Raw = []bench.RawFile{{Name: path, SHA256: sums[path]}}
			out.Rows, out.Anomalies = one(100), one(5)
			if c, _ := given["class"].(string); c != "" {
				out.Classes = 3
			}
			return out, "/full/" + path, nil
		},
		Of: func(bench.DatasetRef) (bench.DatasetInfo, bool) { return info, true },
	}
	cat.Program = &bench.ProgramCatalog{
		Info: bench.MethodInfo{ID: bench.ProgramID, Doc: "a program of your own", Version: 4, Active: true},
		Name: func(command []string) string { return strings.TrimSuffix(command[len(command)-1], ".py") },
		Files: func(folder string, command, named []string) (out []string, errs []error) {
			for _, f := range append(slices.Clone(command), named...) {
				switch f {
				case "mine.py", "util.py":
					out = append(out, f+"=abc")
				case "gone.py":
					errs = append(errs, errors.New("gone.py: there is no such file in "+folder))
				}
			}
			slices.Sort(out)
			return slices.Compact(out), errs
		},
	}
	return cat
}

func ownPlan(t *testing.T, text string, o spec.Options) *bench.Plan {
	t.Helper()
	p, err := spec.Parse("some/folder/x.yaml", []byte(text), ownCatalog(nil), o)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

const ownSpec = `
version: 1
name: fraud
datasets:
  - {id: file, path: fraud.csv, label: is_fraud, anomaly: 1, drop: [id], scaling: zscore}
  - {id: file, path: other.csv, title: the other, class: kind, budget: 7}
methods: [class, dae, {id: exec, label: mine, command: [python3, mine.py], files: util.py, params: {lr: 0.1, deep: true, name: x, list: [1, 2.5]}}]
budget: 50
seeds: [3]
`

// A file's cell has the file's content and its reading parameters; its path is not part of any id.
func TestOwnFile(t *testing.T) {
	var asked []string
	text := strings.Replace(ownSpec, "[class, dae,", "[dae,", 1)
	p, err := spec.Parse(filepath.Join("some", "folder", "x.yaml"), []byte(text), ownCatalog(&asked), spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	c := p.Cells[0]
	if diff := cmp.Diff(bench.DatasetRef{ID: "file", Version: 7, Seed: 1, Raw: []string{"f00d"}, Params: bench.Params{
		"label": "is_fraud", "anomaly": []string{"1"}, "class": "", "drop": []string{"id"}, "categorical": []string{}, "missing": "error",
		"header": "auto", "scaling": "zscore", "rows": 0}}, c.Cell.Dataset); diff != "" {
		t.Errorf("recipe (-want +got):\n%s", diff)
	}
	if strings.Contains(jsonOf(c.Cell), "fraud.csv") || c.DatasetLabel != "fraud.csv" || (bench.Catalog{}).DatasetName(c) != "fraud.csv" {
		t.Errorf("%s, %q", jsonOf(c.Cell), c.DatasetLabel)
	}
	if diff := cmp.Diff(map[string]string{"f00d": "/full/fraud.csv", "beef": "/full/other.csv"}, p.Own.Files); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"f00d": "fraud.csv", "beef": "other.csv"}, p.Own.Portable().Files); diff != "" {
		t.Error(diff)
	}
	if slices.Sort(asked); !slices.Equal(slices.Compact(asked), []string{filepath.Join("some", "folder") + " fraud.csv", filepath.Join("some", "folder") + " other.csv"}) {
		t.Errorf("asked for %q", asked)
	}
	if last := p.Cells[len(p.Cells)-1]; last.DatasetLabel != "the other" || last.Cell.Budget.Audits != 7 || last.Cell.Dataset.Params.Str("class") != "kind" {
		t.Errorf("%+v", last)
	}
	// The same content under another name is the same cell; other reading parameters are another.
	same := ownPlan(t, strings.Replace(text, "path: fraud.csv", "path: copy.csv", 1), spec.Options{})
	if same.Cells[0].ID != c.ID || same.Cells[0].DatasetLabel != "copy.csv" || same.Digest() != p.Digest() {
		t.Errorf("a copy makes another cell: %+v", same.Cells[0])
	}
	ids := map[string]string{c.ID: "as it is"}
	for _, set := range []string{"file.scaling=none", "dataset.rows=60", "file.drop=[id,age]", "file.missing=mean", "file.anomaly=[yes]", "file.label=target"} {
		set = strings.Replace(set, "[yes]", `["yes"]`, 1)
		other := ownPlan(t, text, spec.Options{Set: []string{set}})
		if was := ids[other.Cells[0].ID]; was != "" {
			t.Errorf("--set %s makes the cell of %s", set, was)
		}
		ids[other.Cells[0].ID] = set
	}
	swept := ownPlan(t, text, spec.Options{Set: []string{"file.scaling=none,minmax", "methods=dae"}})
	if len(swept.Cells) != 4 || swept.Cells[1].Variant[0] != (bench.Setting{Name: "dataset.scaling", Value: "minmax"}) {
		t.Errorf("%+v", swept.Cells)
	}
	// Methods that need classes run if the file has a class column.
	if p := ownPlan(t, strings.Replace(ownSpec, "zscore", "zscore, class: kind", 1), spec.Options{}); len(p.Cells) != 6 {
		t.Errorf("%d cells", len(p.Cells))
	}
	if p := ownPlan(t, strings.Replace(text, "datasets:", "datasets:\n  - mnist0", 1), spec.Options{Set: []string{"datasets=mnist0", "methods=dae"}}); p.Own != nil {
		t.Errorf("%+v", p.Own)
	}
}

// A program's cell has its command line, the digests of its files, its environment, and its
// parameters as written.
func TestOwnProgram(t *testing.T) {
	text := strings.Replace(ownSpec, "[class, dae,", "[dae,", 1)
	p := ownPlan(t, text, spec.Options{})
	c := p.Cells[1]
	want := bench.MethodRef{ID: "exec", Version: 4, Params: bench.Params{"command": []string{"python3", "mine.py"}, "env": []string{},
		"files": []string{"mine.py=abc", "util.py=abc"}, "lr": 0.1, "deep": true, "name": "x", "list": []any{1, 2.5}}}
	if diff := cmp.Diff(jsonOf(want), jsonOf(c.Cell.Method)); diff != "" || c.Label != "mine" {
		t.Errorf("%s (-want +got):\n%s", c.Label, diff)
	}
	if full, _ := filepath.Abs(filepath.Join("some", "folder")); p.Own.Folder != full {
		t.Errorf("folder %q", p.Own.Folder)
	}
	for _, set := range []string{"mine.lr=0.2", "mine.deep=false", "mine.list=[1]"} {
		if other := ownPlan(t, text, spec.Options{Set: []string{set}}); other.Cells[1].ID == c.ID || other.Cells[0].ID != p.Cells[0].ID {
			t.Errorf("--set %s", set)
		}
	}
	grid := ownPlan(t, text+"sweep: {mine.lr: [1, 2, 3], dae.noise: [0, 0.5]}\n", spec.Options{})
	var got []string
	for _, c := range grid.Cells[:5] {
		got = append(got, fmt.Sprint(c.Label, " ", c.Variant[0].Value, " ", c.Cell.Method.Params["lr"]))
	}
	if fmt.Sprint(got) != "[DAE 0 <nil> mine 1 1 DAE 0.5 <nil> mine 2 2 mine 3 3]" {
		t.Errorf("%v", got)
	}
	if only := ownPlan(t, text, spec.Options{Set: []string{"methods=mine"}}); len(only.Cells) != 2 || only.Cells[0].ID != c.ID {
		t.Errorf("%+v", only.Cells)
	}
	named := ownPlan(t, strings.Replace(text, "label: mine, ", "", 1), spec.Options{})
	if named.Cells[1].Label != "mine" || named.Cells[1].ID != c.ID {
		t.Errorf("%+v", named.Cells[1])
	}
	back := *p
	if err := roundTrip(&back); err != nil || back.Digest() != p.Digest() || back.Cells[1].Cell.ID() != c.ID {
		t.Errorf("read again: %v", err)
	}
}

// TestOwnBroken compares all messages about files and programs with the golden files beside the
// specs, and checks that the schema rejects the errors that need no file.
func TestOwnBroken(t *testing.T) {
	files, err := filepath.Glob("testdata/own/*.yaml")
	if err != nil || len(files) < 2 {
		t.Fatalf("%d specs: %v", len(files), err)
	}
	s := compiled(t, ownCatalog(nil))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, err = spec.Parse(filepath.Base(file), data, ownCatalog(nil), spec.Options{})
		var errs spec.Errors
		if !errors.As(err, &errs) {
			t.Fatalf("%s: %v", file, err)
		}
		for _, e := range errs {
			if e.Line < 1 || e.Col < 1 {
				t.Errorf("no place: %v", e)
			}
		}
		golden := strings.TrimSuffix(file, ".yaml") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(err.Error()+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, _ := os.ReadFile(golden)
		if diff := cmp.Diff(string(want), err.Error()+"\n"); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
		_, refused := validate(t, s, data)
		if want := strings.HasPrefix(filepath.Base(file), "words"); (refused != nil) != want {
			t.Errorf("%s: the schema says %v", file, refused)
		}
	}
	for _, text := range []string{ownSpec, strings.Replace(ownSpec, "budget: 50", "budget: 50\nsweep: {mine.lr: [1], file.scaling: [none]}", 1)} {
		if readable, err := validate(t, s, []byte(text)); !readable || err != nil {
			t.Errorf("the schema refuses what is right: %v", err)
		}
	}
	if _, err := validate(t, s, []byte("{version: 1, name: x, datasets: [mnist0], methods: [dae], budget: 3, sweep: {mine.lr: [1]}}")); err == nil {
		t.Error("the schema lets sweep name a program where there is none")
	}
}

// If a catalogue has neither files nor programs, a spec that uses them is an error.
func TestNothingOwn(t *testing.T) {
	_, err := spec.Parse("x.yaml", []byte(ownSpec), catalog(), spec.Options{})
	for _, want := range []string{`no dataset is called "file"`, `no method is called "exec"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if got := slices.Sorted(maps.Keys(ownPlan(t, strings.Replace(ownSpec, "[class, dae,", "[dae,", 1), spec.Options{}).Own.Files)); len(got) != 2 {
		t.Errorf("%v", got)
	}
}
