package spec_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// tree is a spec before it is written: JSON's types, with ints.
type tree = map[string]any

// value draws a valid value of a parameter of the test catalogue.
func value(t *rapid.T, p bench.Param) any {
	switch p.Kind {
	case bench.Bool:
		return rapid.Bool().Draw(t, p.Name)
	case bench.Int:
		return rapid.IntRange(1000, 4000).Draw(t, p.Name)
	case bench.Float:
		return rapid.SampledFrom([]any{0, 1, 0.1, 0.25, 0.5}).Draw(t, p.Name)
	case bench.String:
		return rapid.SampledFrom(p.Enum).Draw(t, p.Name)
	}
	return asAny(rapid.SliceOfN(rapid.IntRange(1, 300), 1, 3).Draw(t, p.Name))
}

func asAny(l []int) []any {
	out := make([]any, len(l))
	for i, v := range l {
		out[i] = v
	}
	return out
}

// params draws values for some of the known parameters.
func params(t *rapid.T, known []bench.Param) tree {
	out := tree{}
	for _, p := range known {
		if rapid.IntRange(0, 3).Draw(t, "given") == 0 {
			out[p.Name] = value(t, p)
		}
	}
	return out
}

func budget(t *rapid.T) any {
	return rapid.SampledFrom([]any{100, 250, 999, "anomalies", "all"}).Draw(t, "budget")
}

func k(t *rapid.T) any {
	if rapid.Bool().Draw(t, "rule") {
		return tree{"if_anomalies_below": rapid.IntRange(1, 200).Draw(t, "below"), "then": 1, "else": rapid.IntRange(1, 50).Draw(t, "else")}
	}
	return rapid.IntRange(1, 50).Draw(t, "k")
}

// entries draws some of the ids, each as a bare id or as a mapping.
func entries(t *rapid.T, ids []string, known func(string) []bench.Param) []any {
	n := rapid.IntRange(1, len(ids)).Draw(t, "entries")
	var out []any
	for _, id := range rapid.Permutation(ids).Draw(t, "ids")[:n] {
		switch rapid.IntRange(0, 2).Draw(t, "form") {
		case 0:
			out = append(out, id)
		case 1:
			out = append(out, tree{"id": id, "params": params(t, known(id))})
		default:
			out = append(out, tree{"id": id, "label": "the " + id, "params": params(t, known(id))})
		}
	}
	return out
}

func methodParams(id string) []bench.Param {
	m, _ := catalog().Method(id)
	return m.Params
}

func datasetParams(id string) []bench.Param {
	d, _ := catalog().Dataset(id)
	return d.Params
}

func idOf(entry any) string {
	if m, ok := entry.(tree); ok {
		return m["id"].(string)
	}
	return entry.(string)
}

// drawSpec draws a valid spec.
func drawSpec(t *rapid.T) tree {
	s := tree{
		"version": 1, "name": rapid.StringMatching(`[a-z]([a-z0-9._-]{0,8}[a-z0-9])?`).Filter(func(s string) bool {
			return !slices.Contains([]string{"y", "n", "on", "no", "yes", "off", "null", "true", "false"}, s)
		}).Draw(t, "name"),
		"datasets": entries(t, []string{"mnist0", "mnist_pca"}, datasetParams),
		"methods":  entries(t, []string{"dae", "dae_uai", "class", "class_uai", "random"}, methodParams),
		"budget":   budget(t),
	}
	some := func(key string, draw func() any) {
		if rapid.Bool().Draw(t, "with "+key) {
			s[key] = draw()
		}
	}
	some("title", func() any {
		return rapid.SampledFrom([]string{"Figure 3: MNIST", "it's", "# no comment", "2019", "-"}).Draw(t, "title")
	})
	some("k", func() any { return k(t) })
	some("seeds", func() any {
		return rapid.SampledFrom([]any{tree{"base": 3}, tree{"count": 2}, tree{"base": 1, "count": 3}, []any{5, 1, 9}}).Draw(t, "seeds")
	})
	some("data_seed", func() any { return rapid.IntRange(0, 1000).Draw(t, "data_seed") })
	some("checkpoints", func() any {
		return rapid.SampledFrom([]any{[]any{0, 50, 100}, tree{"at": []any{0, 99}, "look": []any{"tail"}}}).Draw(t, "checkpoints")
	})
	some("limits", func() any { return tree{"timeout": "1h30m"} })
	some("oracle", func() any { return tree{"miss": 0.25} })
	if first := s["methods"].([]any)[0]; len(methodParams(idOf(first))) > 0 && rapid.Bool().Draw(t, "with sweep") {
		sweep := tree{"hidden": []any{[]any{8}, []any{64, 8}}, "k": []any{1, k(t)}}
		if jsonOf(sweep["k"].([]any)[1]) == "1" {
			delete(sweep, "k")
		}
		if id := idOf(first); rapid.Bool().Draw(t, "qualified") {
			sweep[id+".pretrain_steps"] = []any{10, 20}
		}
		s["sweep"] = sweep
	}
	return s
}

// plan parses a spec, and fails the test on an error.
func plan(t *rapid.T, text string, o spec.Options) *bench.Plan {
	p, err := spec.Parse("drawn.yaml", []byte(text), catalog(), o)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return p
}

// write formats a value as YAML: keys in any order, block or flow style, with or without quotes and
// comments.
func write(t *rapid.T, v any, indent string, flow bool) string {
	switch v := v.(type) {
	case tree:
		keys := rapid.Permutation(sortedKeys(v)).Draw(t, "order")
		flow = flow || len(keys) == 0 || indent != "" && rapid.Bool().Draw(t, "flow")
		if flow {
			parts := make([]string, len(keys))
			for i, key := range keys {
				parts[i] = word(t, key) + ": " + write(t, v[key], "", true)
			}
			return "{" + strings.Join(parts, ", ") + "}"
		}
		var b strings.Builder
		for _, key := range keys {
			b.WriteString("\n" + indent + word(t, key) + ": " + write(t, v[key], indent+"  ", false))
			if rapid.IntRange(0, 3).Draw(t, "comment") == 0 {
				b.WriteString("  # " + key)
			}
		}
		return b.String()
	case []any:
		flow = flow || len(v) == 0 || rapid.Bool().Draw(t, "flow")
		parts := make([]string, len(v))
		for i, item := range v {
			parts[i] = write(t, item, indent+"    ", true)
			if !flow {
				parts[i] = "\n" + indent + "- " + parts[i]
			}
		}
		if flow {
			return "[" + strings.Join(parts, ", ") + "]"
		}
		return strings.Join(parts, "")
	case string:
		return word(t, v)
	case float64:
		if v == 0.5 && rapid.Bool().Draw(t, "short") {
			return ".5"
		}
	}
	return jsonOf(v)
}

func word(t *rapid.T, s string) string {
	switch plain := !strings.ContainsAny(s, ":#'- ") && s != "2019"; {
	case plain && rapid.Bool().Draw(t, "plain"):
		return s
	case rapid.Bool().Draw(t, "single"):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return jsonOf(s)
}

func sortedKeys(m tree) []string {
	var out []string
	for key := range m {
		out = append(out, key)
	}
	slices.Sort(out)
	return out
}

// TestFormDoesNotMatter checks that a plan depends on a spec's content, not on how it is written.
func TestFormDoesNotMatter(t *testing.T) {
	schema := compiled(t, catalog())
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		want := plan(t, jsonOf(s), spec.Options{})
		text := write(t, s, "", false)
		got := plan(t, text, spec.Options{})
		if diff := cmp.Diff(jsonOf(want), jsonOf(got)); diff != "" {
			t.Fatalf("another plan (-JSON +YAML):\n%s\n%s", diff, text)
		}
		if want.Digest() != got.Digest() {
			t.Fatal("another digest")
		}
		if readable, err := validate2(schema.Validate, text); !readable || err != nil {
			t.Fatalf("the schema says %v of\n%s", err, text)
		}
		ids := map[string]bool{}
		for _, c := range got.Cells {
			if ids[c.ID] {
				t.Fatalf("cell %s is there twice", c.ID)
			}
			ids[c.ID] = true
		}
	})
}

func validate2(validate func(any) error, text string) (bool, error) {
	tree, ok := spec.Tree([]byte(text))
	if !ok {
		return false, nil
	}
	var doc any
	dec := json.NewDecoder(strings.NewReader(tree))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		return false, err
	}
	return true, validate(doc)
}

// TestOverrideIsAnEdit checks that a profile, --set and a manual edit give the same plan.
func TestOverrideIsAnEdit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSpec(t)
		var edited tree
		if err := json.Unmarshal([]byte(jsonOf(s)), &edited); err != nil {
			t.Fatal(err)
		}
		profile, sets := tree{}, []string{}
		override := func(key string, v any) { // replaces the value completely
			profile[key] = v
			sets = append(sets, key+"="+strings.Trim(jsonOf(v), `"`))
			edited[key] = v
			if sweep, ok := edited["sweep"].(tree); ok {
				delete(sweep, key)
			}
		}
		maybe := func(what string) bool { return rapid.Bool().Draw(t, "override "+what) }
		if maybe("methods") {
			override("methods", []any{tree{"id": "class"}, tree{"id": "dae_uai", "params": params(t, methodParams("dae_uai"))}})
			if sweep, ok := edited["sweep"].(tree); ok { // an edit removes axes of absent methods
				for key := range sweep {
					if id, _, qualified := strings.Cut(key, "."); qualified && id != "class" && id != "dae_uai" {
						delete(sweep, key)
					}
				}
				// a later layer's own parameters end an earlier sweep for that method only
				if own, ok := profile["methods"].([]any)[1].(tree)["params"].(tree); ok {
					delete(own, "hidden")
					delete(own, "pretrain_steps")
				}
				sets[len(sets)-1] = "methods=" + jsonOf(profile["methods"])
			}
		}
		if maybe("budget") {
			override("budget", 500)
		}
		if maybe("k") {
			override("k", rapid.IntRange(51, 60).Draw(t, "new k"))
		}
		if maybe("checkpoints") {
			override("checkpoints", []any{7, 99})
			if old, ok := s["checkpoints"].(tree); ok { // a list sets at and keeps the probes
				edited["checkpoints"] = tree{"at": []any{7, 99}, "look": old["look"]}
			}
		}
		if maybe("data_seed") {
			override("data_seed", 77)
		}
		if maybe("seeds") {
			override("seeds", []any{4, 2})
		}
		if maybe("timeout") {
			profile["limits"], edited["limits"] = tree{"timeout": "5m"}, tree{"timeout": "5m"}
			sets = append(sets, "limits.timeout=5m")
		}
		if has := slices.ContainsFunc(edited["methods"].([]any), func(e any) bool { return idOf(e) != "random" }); has && maybe("hidden") {
			profile["params"] = tree{"hidden": []any{5, 4}}
			sets = append(sets, "params.hidden=[5,4]")
			for i, e := range edited["methods"].([]any) {
				if id := idOf(e); id != "random" {
					m, ok := e.(tree)
					if !ok {
						m = tree{"id": id}
					}
					p, ok := m["params"].(tree)
					if !ok {
						p = tree{}
					}
					p["hidden"] = []any{5, 4}
					m["params"] = p
					edited["methods"].([]any)[i] = m
				}
			}
			if sweep, ok := edited["sweep"].(tree); ok {
				delete(sweep, "hidden")
			}
		}
		want := plan(t, jsonOf(edited), spec.Options{})

		bySet := plan(t, jsonOf(s), spec.Options{Set: sets})
		if diff := cmp.Diff(jsonOf(want), jsonOf(bySet)); diff != "" {
			t.Fatalf("--set %q on\n%s\nis not the edit\n%s:\n%s", sets, jsonOf(s), jsonOf(edited), diff)
		}
		s["profiles"] = tree{"p": profile}
		byProfile := plan(t, jsonOf(s), spec.Options{Profile: "p"})
		byProfile.Profile = ""
		if diff := cmp.Diff(jsonOf(want), jsonOf(byProfile)); diff != "" {
			t.Fatalf("profile of\n%s\nis not the edit\n%s:\n%s", jsonOf(s), jsonOf(edited), diff)
		}
	})
}

// FuzzParse checks that no input panics or takes long, that errors have places, and that the schema
// accepts what parses.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/broken/*.yaml", "testdata/valid/*.yaml"} {
		files, _ := filepath.Glob(pattern)
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data, "smoke", "k=1,3")
		}
	}
	for _, set := range []string{"params.hidden=[8],[4]", "mnist0.keep=0.5", "methods={id: dae}", "seeds.count=2", "budget=[", "checkpoints=[0,5]"} {
		f.Add([]byte(small), "", set)
	}
	schema := compiled(f, catalog())
	f.Fuzz(func(t *testing.T, data []byte, profile, set string) {
		begun := time.Now()
		for _, o := range []spec.Options{{}, {Profile: profile}, {Profile: profile, Set: []string{set}}} {
			p, err := spec.Parse("f", data, catalog(), o)
			if took := time.Since(begun); took > 10*time.Second {
				t.Fatalf("took %v", took)
			}
			var errs spec.Errors
			switch {
			case err != nil && (!errors.As(err, &errs) || len(errs) == 0):
				t.Fatalf("%T %v", err, err)
			case err == nil && len(p.Cells) == 0:
				t.Fatal("a plan without cells")
			case err == nil && len(o.Set) == 0:
				if readable, err := validate2(schema.Validate, string(data)); !readable || err != nil {
					t.Fatalf("readable %v, the schema says %v", readable, err)
				}
			}
			for _, e := range errs {
				if strings.HasPrefix(e.File, "--") == (e.Line > 0) || e.Msg == "" {
					t.Fatalf("%#v", e)
				}
			}
		}
	})
}
