package spec_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench/spec"
)

const small = "{version: 1, name: x, datasets: [mnist0], methods: [dae, dae_uai], budget: 100, sweep: {k: [1, 3]}, checkpoints: [0, 50, 100], " +
	"profiles: {smoke: {budget: 60, params: {noise: 0.2}}, full: {k: 9}}}"

// TestSetMessages checks that errors in --set and --profile name the argument in place of the file.
func TestSetMessages(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"k", "--set k: write --set key=value or --set key=value,value"},
		{"=3", "--set =3: write --set key=value or --set key=value,value"},
		{"k=", "--set k=: k: there is no value after the equals sign"},
		{"k= ", "--set k= : k: there is no value after the equals sign"},
		{"k=,", "--set k=,: k: did not find expected node content"},
		{"k=0", "--set k=0: k: 0 is below 1"},
		{"k=1,0", "--set k=1,0: k[1]: 0 is below 1"},
		{"k=3,3", "--set k=3,3: k[1]: 3 is listed twice in this sweep"},
		{"k=[1", "--set k=[1: k: did not find expected ',' or ']' (a bracket opened here is not closed, or a comma is missing)"},
		{"k=&a 3,*a", "--set k=&a 3,*a: k[1]: 3 is listed twice in this sweep"},
		{"budget=60001", "--set budget=60001: budget: 60001 is above the number of rows of mnist0, at most 60000"},
		{"budget=5,x", `--set budget=5,x: budget[1]: unknown value "x": valid: anomalies, all, or an integer`},
		{"bugdet=5", "--set bugdet=5: bugdet: this cannot be set: did you mean budget?"},
		{"hiden=[8]", "--set hiden=[8]: hiden: this cannot be set: did you mean hidden?"},
		{"hidden=64,8", "--set hidden=64,8: hidden[0]: 64 where a list of integers belongs: for one list, write hidden=[64,8]"},
		{"keep=0.5", "--set keep=0.5: keep: a dataset's parameter is set as dataset.keep (every dataset that has it) or mnist0.keep (one)"},
		{"k=[3, 10]", "--set k=[3, 10]: k: a list where an integer or {if_anomalies_below, then, else} belongs: to try several, write k=3,10"},
		{"noise=[0.1,0.2]", "--set noise=[0.1,0.2]: noise: a list where a number belongs: to try several, write noise=0.1,0.2"},
		{"data_seed=[1, 2]", "--set data_seed=[1, 2]: data_seed: a list where an integer or each belongs"},
		{"budget=1,500", "--set budget=1,500: budget: one number or several? Write budget=1500, or sweep.budget=1,500"},
		{"budget=5,000", "--set budget=5,000: budget: a comma separates values: for one number, write budget=5000"},
		{"budget=1,000,000", "--set budget=1,000,000: budget: a comma separates values: for one number, write budget=1000000"},
		{"dae.pretrain_steps=10,000", "--set dae.pretrain_steps=10,000: dae.pretrain_steps: a comma separates values: for one number, write dae.pretrain_steps=10000"},
		{"seeds.count=1,500", "--set seeds.count=1,500: seeds.count: one value, not 2: this cannot be swept: for one number, write seeds.count=1500"},
		{"seeds.count=1,20", "--set seeds.count=1,20: seeds.count: one value, not 2: this cannot be swept"},
		{"checkpoints=0,050", "--set checkpoints=0,050: checkpoints[1]: 050 begins with 0"},
		{"budget=100,500", ""},
		{"sweep.budget=100,500", ""},
		{"params.hiden=[8]", `--set params.hiden=[8]: params.hiden: no method here has a parameter "hiden": did you mean hidden?`},
		{"params.=[8]", "--set params.=[8]: params.: a name belongs after the dot"},
		{"params.rows=5", "--set params.rows=5: params.rows: no method here has a parameter rows, but mnist0 has: write dataset.rows or mnist0.rows"},
		{"params.noise=a,b", "--set params.noise=a,b: params.noise[0]: \"a\" (text) where a number belongs\n--set params.noise=a,b: params.noise[1]: \"b\" (text) where a number belongs"},
		{"dae_ui.noise=1", "--set dae_ui.noise=1: dae_ui.noise: this cannot be set: did you mean dae_uai.noise?"},
		{"class.hidden=[8]", "--set class.hidden=[8]: class.hidden: class is not used here: valid: dae, dae_uai, mnist0"},
		{"dae.gamma=1", `--set dae.gamma=1: dae.gamma: dae has no parameter "gamma": valid: hidden, noise, activation, pretrain_steps`},
		{"dataset_params.kep=1", `--set dataset_params.kep=1: dataset_params.kep: no dataset here has a parameter "kep": did you mean keep?`},
		{"mnist0.keep=2", "--set mnist0.keep=2: mnist0.keep: 2 is above the largest allowed value, 1"},
		{"methods=dae,dae-uai", `--set methods=dae,dae-uai: methods[1]: no method is called "dae-uai": did you mean dae_uai?`},
		{"methods=class", ""},
		{"methods={id: class, k: 1}", "--set methods={id: class, k: 1}: methods.k: unknown key: valid: id, params, label, command, files, env, protocol (parameters go under params)"},
		{"datasets=mammography", ""},
		{"seeds.cuont=3", "--set seeds.cuont=3: seeds.cuont: unknown key: did you mean count?"},
		{"seeds.count=3,4", "--set seeds.count=3,4: seeds.count: one value, not 2: this cannot be swept"},
		{"seeds=1,1", "--set seeds=1,1: seeds[1]: 1 is listed twice"},
		{"limits.timeout=5", "--set limits.timeout=5: limits.timeout: 5 has no unit: write 5m for minutes or 5s for seconds"},
		{"checkpoints=0,101", "--set checkpoints=0,101: checkpoints[1]: 101 is beyond the budget, 100"},
		{"data_seed=1,2", "--set data_seed=1,2: data_seed: one value, not 2: this cannot be swept"},
		{"name=y", "--set name=y: name: this cannot be set: valid: datasets, methods, budget, k, seeds, seeds.base, "},
		{"profiles.x=1", "--set profiles.x=1: profiles.x: this cannot be set: valid: datasets, methods, budget, k, seeds, seeds.base, "},
		{"dataset_params.rows=50", "spec.yaml:1:76: budget: 100 is above the number of rows of mnist0, 50 (with --set dataset_params.rows=50)"},
	} {
		_, err := spec.Parse("spec.yaml", []byte(small), catalog(), spec.Options{Set: []string{c.set}})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.set, err)
		case c.want != "" && err == nil:
			t.Errorf("%s: no error", c.set)
		case c.want != "" && !strings.HasPrefix(err.Error(), c.want):
			t.Errorf("%s:\n got %v\nwant %s", c.set, err, c.want)
		}
	}
	_, err := spec.Parse("spec.yaml", []byte(small), catalog(), spec.Options{Profile: "smoek", Set: []string{"k=0", "q=1"}})
	want := "--profile smoek: the spec has no such profile: did you mean smoke?\n" +
		"--set k=0: k: 0 is below 1\n--set q=1: q: this cannot be set: valid: "
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v\nwant %s", err, want)
	}
	_, err = spec.Parse("spec.yaml", []byte(small), catalog(), spec.Options{Profile: "nightly"})
	if err == nil || err.Error() != "--profile nightly: the spec has no such profile: valid: full, smoke" {
		t.Error(err)
	}
}

// TestWhatWins checks the rules of precedence in the package comment.
func TestWhatWins(t *testing.T) {
	for _, c := range []struct {
		name, profile string
		set           []string
		want          []string // of the first seed's cells: method, then the value of look
		look          string
	}{
		{"the spec's sweep", "", nil, []string{"dae 1", "dae_uai 1", "dae 3", "dae_uai 3"}, "k"},
		{"a profile ends a sweep", "full", nil, []string{"dae 9", "dae_uai 9"}, "k"},
		{"--set ends a profile's value", "full", []string{"k=4"}, []string{"dae 4", "dae_uai 4"}, "k"},
		{"--set makes a sweep", "full", []string{"k=4,5"}, []string{"dae 4", "dae_uai 4", "dae 5", "dae_uai 5"}, "k"},
		{"the later --set", "", []string{"k=4,5", "k=2"}, []string{"dae 2", "dae_uai 2"}, "k"},
		{"params of a profile", "smoke", []string{"k=1"}, []string{"dae 0.2", "dae_uai 0.2"}, "noise"},
		{"one method's, later", "smoke", []string{"k=1", "dae.noise=0.4"}, []string{"dae 0.4", "dae_uai 0.2"}, "noise"},
		{"every method's, later still", "smoke", []string{"k=1", "dae.noise=0.4", "params.noise=0.6"}, []string{"dae 0.6", "dae_uai 0.6"}, "noise"},
		{"a sweep of one method", "smoke", []string{"k=1", "params.noise=0.6", "dae.noise=0.4,0.5"}, []string{"dae 0.4", "dae_uai 0.6", "dae 0.5"}, "noise"},
		{"an entry's own, later than a profile", "smoke", []string{"k=1", "methods={id: dae, params: {noise: 0.7}},dae_uai"}, []string{"dae 0.7", "dae_uai 0.2"}, "noise"},
		{"a profile's params over methods of --set", "smoke", []string{"k=1", "methods=dae_uai"}, []string{"dae_uai 0.2"}, "noise"},
		{"checkpoints beyond a lowered budget", "smoke", []string{"k=1"}, []string{"dae 0,50", "dae_uai 0,50"}, "checkpoints"},
		{"checkpoints of their own", "smoke", []string{"k=1", "checkpoints=7"}, []string{"dae 7", "dae_uai 7"}, "checkpoints"},
		{"no checkpoints", "smoke", []string{"k=1", "checkpoints=[]"}, []string{"dae ", "dae_uai "}, "checkpoints"},
		{"a profile's params that --set leaves without a method", "smoke", []string{"k=1", "methods=random"}, []string{"random"}, "noise"},
	} {
		p, err := spec.Parse("spec.yaml", []byte(small), catalog(), spec.Options{Profile: c.profile, Set: c.set})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var got []string
		for _, cell := range p.Cells {
			if cell.Cell.Seed != 2019 {
				continue
			}
			m := cell.Cell.Method
			switch v, has := m.Params[c.look]; {
			case c.look == "k":
				got = append(got, m.ID+" "+cell.Cell.K.String())
			case c.look == "checkpoints":
				got = append(got, m.ID+" "+strings.Trim(strings.ReplaceAll(jsonOf(cell.Cell.Checkpoints), "null", ""), "[]"))
			case has:
				got = append(got, m.ID+" "+jsonOf(v))
			default:
				got = append(got, m.ID)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestParticularWins checks the precedence within one layer.
func TestParticularWins(t *testing.T) {
	base := "{version: 1, name: x, datasets: [mnist0], methods: [dae, dae_uai], budget: 100, seeds: {count: 1}, profiles: {p: %}}"
	for profile, want := range map[string][]string{
		"{params: {noise: 0.2}}":                                                               {"dae 0.2", "dae_uai 0.2"},
		"{params: {noise: 0.2, dae.noise: 0.4}}":                                               {"dae 0.4", "dae_uai 0.2"},
		"{methods: [{id: dae, params: {noise: 0.7}}, dae_uai], params: {noise: 0.2}}":          {"dae 0.7", "dae_uai 0.2"},
		"{methods: [{id: dae, params: {noise: 0.7}}, dae_uai], params: {dae.noise: 0.2}}":      {"dae 0.2", "dae_uai 0.1"},
		"{params: {noise: 0.2, dae.noise: 0.3}, sweep: {noise: [0.4, 0.5]}}":                   {"dae 0.4", "dae_uai 0.4", "dae 0.5", "dae_uai 0.5"},
		"{params: {dae.noise: 0.3}, sweep: {noise: [0.4, 0.5], dae.noise: [0.6]}}":             {"dae 0.6", "dae_uai 0.4", "dae_uai 0.5"},
		"{methods: [dae], dataset_params: {keep: 0.5}, sweep: {dae.noise: [0.6]}, budget: 10}": {"dae 0.6"},
	} {
		p, err := spec.Parse("s", []byte(strings.Replace(base, "%", profile, 1)), catalog(), spec.Options{Profile: "p"})
		if err != nil {
			t.Errorf("%s: %v", profile, err)
			continue
		}
		var got []string
		for _, c := range p.Cells {
			got = append(got, c.Cell.Method.ID+" "+jsonOf(c.Cell.Method.Params["noise"]))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", profile, diff)
		}
	}
}

// TestDatasetLayers checks that datasets' parameters are layered like methods'.
func TestDatasetLayers(t *testing.T) {
	base := "{version: 1, name: x, datasets: [mnist0, mnist_pca], methods: [random], budget: 100, seeds: {count: 1}, sweep: {dataset.rows: [500, 600], mnist0.keep: [0.2, 0.4]}}"
	for set, want := range map[string][]string{
		"":                         {"mnist0 0.2 500", "mnist0 0.2 600", "mnist0 0.4 500", "mnist0 0.4 600", "mnist_pca null 500", "mnist_pca null 600"},
		"dataset_params.rows=700":  {"mnist0 0.2 700", "mnist0 0.4 700", "mnist_pca null 700"},
		"mnist_pca.rows=700":       {"mnist0 0.2 500", "mnist0 0.2 600", "mnist0 0.4 500", "mnist0 0.4 600", "mnist_pca null 700"},
		"dataset.keep=0.9":         {"mnist0 0.9 500", "mnist0 0.9 600", "mnist_pca null 500", "mnist_pca null 600"},
		"mnist0.rows=700,800":      {"mnist0 0.2 700", "mnist0 0.2 800", "mnist0 0.4 700", "mnist0 0.4 800", "mnist_pca null 500", "mnist_pca null 600"},
		"sweep.dataset.rows=[900]": nil, // rows does not take a list
	} {
		o := spec.Options{}
		if set != "" {
			o.Set = []string{set}
		}
		p, err := spec.Parse("s", []byte(base), catalog(), o)
		if want == nil {
			if err == nil {
				t.Errorf("%s: no error", set)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", set, err)
			continue
		}
		var got []string
		for _, c := range p.Cells {
			d := c.Cell.Dataset
			got = append(got, d.ID+" "+jsonOf(d.Params["keep"])+" "+jsonOf(d.Params["rows"]))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", set, diff)
		}
	}
}

// TestSeedsMerge checks that base and count are merged key by key, and that a list replaces both.
func TestSeedsMerge(t *testing.T) {
	base := "{version: 1, name: x, datasets: [mnist0], methods: [dae], budget: 100, seeds: %}"
	for _, c := range []struct {
		seeds string
		set   []string
		want  []uint64
	}{
		{"{base: 7}", nil, []uint64{7, 8, 9, 10, 11}},
		{"{base: 7, count: 2}", []string{"seeds.count=3"}, []uint64{7, 8, 9}},
		{"{base: 7, count: 2}", []string{"seeds.base=1"}, []uint64{1, 2}},
		{"{base: 7, count: 2}", []string{"seeds={count: 1}"}, []uint64{7}},
		{"{base: 7, count: 2}", []string{"seeds=5,3"}, []uint64{5, 3}},
		{"{base: 7, count: 2}", []string{"seeds=5"}, []uint64{5}},
		{"[5, 3]", []string{"seeds.count=2"}, []uint64{2019, 2020}},
		{"{base: 7}", []string{"seeds=5,3", "seeds.count=2"}, []uint64{2019, 2020}},
		{"[9223372036854775807]", nil, []uint64{9223372036854775807}},
		{"{base: 9223372036854775806, count: 2}", nil, []uint64{9223372036854775806, 9223372036854775807}},
	} {
		p, err := spec.Parse("s", []byte(strings.Replace(base, "%", c.seeds, 1)), catalog(), spec.Options{Set: c.set})
		if err != nil {
			t.Errorf("%s %v: %v", c.seeds, c.set, err)
			continue
		}
		var got []uint64
		for _, cell := range p.Cells {
			got = append(got, cell.Cell.Seed)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s %v: seeds %v, want %v", c.seeds, c.set, got, c.want)
		}
	}
}

// TestBytes checks that bytes other than text are an error at their place, and that harmless marks
// are not.
func TestBytes(t *testing.T) {
	good := "version: 1\nname: x\ndatasets: [mnist0]\nmethods: [dae]\nbudget: 100\n"
	for _, c := range []struct{ name, data, want string }{
		{"BOM", "\ufeff" + good, ""},
		{"CRLF", strings.ReplaceAll(good, "\n", "\r\n"), ""},
		{"no newline at the end", strings.TrimSuffix(good, "\n"), ""},
		{"a document marker", "---\n" + good, ""},
		{"invalid UTF-8", good + "title: a\xffb\n", "f:6:9: byte 0xff is not UTF-8: save the file as UTF-8"},
		{"UTF-16", "\xff\xfev\x00", "f:1:1: the file is UTF-16: save it as UTF-8"},
		{"NUL", good + "title: é\x00\n", "f:6:9: the character U+0000 has no place in a text file"},
		{"gzip", "\x1f\x8b\x08", "f:1:1: the character U+001F has no place in a text file"},
		{"huge", good + strings.Repeat("# padding\n", 200_000), "f:1:1: the file has 2000065 bytes: a spec has at most 1048576. Is it the right file?"},
		{"many values", good + "checkpoints: [" + strings.Repeat("0,", 400_000) + "]\n", "f:6:"},
		{"deep flow", strings.Repeat("[", 1_000_000), "f:1:1: exceeded max depth of 10000 (nested too deeply)"},
		{"many keys", good + strings.Repeat("a: b\n", 90_000), "f:6:1: a: unknown key"},
		{"long key", good + strings.Repeat("a", 1000) + ": b\n", "f:6:1: " + strings.Repeat("a", 40) + "…: "},
		{"tab after a value", good + "title: x\t# fine\n", ""},
	} {
		_, err := spec.Parse("f", []byte(c.data), catalog(), spec.Options{})
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", c.name, err)
		case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%s:\n got %.300v\nwant %s", c.name, err, c.want)
		}
		if err != nil && len(err.Error()) > 50_000 {
			t.Errorf("%s: %d bytes of messages", c.name, len(err.Error()))
		}
	}
}

// TestYAMLInOneFile checks that only one file imports the archived YAML reader.
func TestYAMLInOneFile(t *testing.T) {
	seen := 0
	for _, pattern := range []string{"*.go", "tree/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			named := strings.Contains(string(data), `"gopkg.in/`+`yaml`)
			if named && f != filepath.Join("tree", "yaml.go") {
				t.Errorf("%s imports the YAML reader", f)
			}
			if named {
				seen++
			}
		}
	}
	if seen != 1 {
		t.Errorf("%d files import it", seen)
	}
}

// A bare id in --set selects the spec's entries with that id and keeps their settings; an entry
// that is spelled out is new, and so is an id that the spec does not have.
func TestSetChooses(t *testing.T) {
	const text = "{version: 1, name: x, datasets: [{id: mnist0, budget: 70, method_params: {noise: 0.3}, params: {keep: 0.2}}, mammography], " +
		"methods: [{id: dae, label: one}, {id: dae, label: two, params: {pretrain_steps: 9}}, random], budget: 50}"
	for _, c := range []struct {
		set  []string
		want string // dataset, keep, budget, label, noise
	}{
		{[]string{"datasets=mnist0", "methods=dae"}, "mnist0 0.2 70 one 0.3; mnist0 0.2 70 two 0.3"},
		{[]string{"methods=dae", "datasets=mnist0", "budget=60"}, "mnist0 0.2 60 one 0.3; mnist0 0.2 60 two 0.3"},
		{[]string{"datasets=[{id: mnist0, label: plain}]", "methods={id: dae, label: three}"}, "mnist0 0.1 50 three 0.1"},
		{[]string{"datasets=mnist_pca", "methods=dae_uai"}, "mnist_pca <nil> 50 DAE_uai 0.1"},
		{[]string{"datasets=mammography,mnist0", "datasets=mnist0", "methods=random"}, "mnist0 0.2 70 random -"},
	} {
		p, err := spec.Parse("spec.yaml", []byte(text), catalog(), spec.Options{Set: c.set})
		if err != nil {
			t.Errorf("%q: %v", c.set, err)
			continue
		}
		var got []string
		seen := map[string]bool{}
		for _, cell := range p.Cells {
			noise := "-"
			if v, ok := cell.Cell.Method.Params["noise"]; ok {
				noise = fmt.Sprint(v)
			}
			s := fmt.Sprint(cell.Cell.Dataset.ID, " ", cell.Cell.Dataset.Params["keep"], " ", cell.Cell.Budget, " ", cell.Label, " ", noise)
			if !seen[s] {
				got = append(got, s)
			}
			seen[s] = true
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%q: %s, want %s", c.set, strings.Join(got, "; "), c.want)
		}
	}
}
