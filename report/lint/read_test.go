package lint

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"github.com/uaibench/uaibench/experiments"
)

// place returns the line and column of the first occurrence of part in the file.
func place(t *testing.T, data, part string) string {
	t.Helper()
	i := strings.Index(data, part)
	if i < 0 {
		t.Fatalf("%s is not in the file", part)
	}
	return fmt.Sprintf("p.yaml:%d:%d: ", strings.Count(data[:i], "\n")+1, i-strings.LastIndex(data[:i], "\n"))
}

// A mistake in the file is an error at its position, never a panic or a silently disabled rule.
func TestReadErrors(t *testing.T) {
	for _, tc := range []struct{ old, new, at, want string }{
		{`percent, value: "1.1"`, `percent, value: "abc"`, `"abc"`, `"abc" is not a number such as 0.7457`},
		{`dataset: mnist0, q`, `dataset: nope, q`, `nope`, `"nope" is not a dataset of the tables: valid: kddcup, `},
		{`dataset: mnist0, quantity: percent`, `dataset: mnist0, quantity: anomalies`, `anomalies, value`, `"anomalies" is not a quantity that is compared: valid: percent, instances, features`},
		{`"1/91"`, `"one/91"`, `"one/91"`, `"one/91" is not a fraction of two counts`},
		{`"1/91"`, `"91"`, `"91", `, `is not a fraction`},
		{`"1/91"`, `"1/0"`, `"1/0"`, `is not a fraction`},
		{`instances, value: "60,000"`, `instances, value: "60,000", fraction: "1/2"`, `"1/2"`, `a fraction belongs to a percent, not to instances`},
		{`audits: "531"`, `audits: "x"`, `"x"`, `"x" is not a whole number`},
		{`dataset: thyroid, audits`, `dataset: thyroids, audits`, `thyroids`, `did you mean thyroid?`},
		{`"16", "20"`, `"16", "x"`, `"x"`, `"x" is not a whole number`},
		{`parts: ["16", "20"]`, `parts: ["36"]`, `["36"]`, `a sum has two parts or more`},
		{`one_hot: {dataset: kddcup`, `one_hot: {dataset: kdd`, `kdd, cont`, `"kdd" is not a dataset`},
		{`continuous: "34"`, `continuous: "a"`, `"a"`, `"a" is not a whole number`},
		{`levels: [3, 66`, `levels: [3, -66`, `-66`, `-66 is below 1`},
		{`method: DAEuai, margin`, `method: Foo, margin`, `Foo`, `"Foo" has no row in Table 1: valid: DAGMM (clean), `},
		{`than: LODA-AAD, table: table1`, `than: LODA, table: table1`, `LODA, `, `"LODA" has no row in Table 1`},
		{`than: LODA-AAD, table: table3`, `than: LODA, table: table3`, `LODA, `, `"LODA" has no row in Table 3: valid: DAE, DAEuai, `},
		{`than: LODA-AAD, table: table3`, `than: LODA-AAD, table: table9`, `table9`, `"table9" is not a table with scores: valid: table1, table3`},
		{`than: LODA-AAD, table: table3, of: 4`, `than: LODA-AAD, of: 4`, `{id: beats_loda`, `there is no table: wins needs it`},
		{`than: LODA-AAD, table: table3`, `than: DAEuai, table: table3`, `DAEuai, table: table3`, `DAEuai cannot beat itself`},
		{`table: table3, of: 4`, `table: table3, of: 40`, `40,`, `40 is more than the 11 datasets`},
		{`table: table3, of: 4`, `table: table3, of: 0`, `0, where: "App. B.2"`, `0 is below 1`},
		{`is: widest_gap, dataset: covtype`, `is: widest_gap, dataset: cov`, `cov, `, `"cov" is not a dataset of Table 1`},
		{`is: widest_gap`, `is: narrowest_gap`, `narrowest_gap`, `is not a sentence that is checked: valid: at_least, `},
		{`dataset: covtype, where: "Sec. 4.2"}  `, `dataset: covtype, of: 3, where: "Sec. 4.2"}  `, `3, where: "Sec. 4.2"}  `, `widest_gap has no of`},
		{`margin: 0.05`, `margin: 1.05`, `1.05`, `a margin lies between 0 and 1`},
		{`, shuttle: "0.93"}`, `}`, `{kddcup: "0.94", arrhythmia: "0.47"`, `there is no shuttle: a row has all the datasets`},
		{`, shuttle: "0.93"}`, `, shutle: "0.93"}`, `"0.93"}`, `did you mean shuttle?`},
		{`dataset: thyroid, method: "LODA-AAD"`, `dataset: thyrod, method: "LODA-AAD"`, `thyrod,`, `did you mean thyroid?`},
		{`    - {id: kddcup, instances: "494,021", features: "120", anomalies: "97,278", percent: "20"}` + "\n", ``, `kddcup, continuous`, `"kddcup" is not a dataset`},
		{`    - {method: "DAEuai", values`, `    - {method: "UAI", values`, `- {method: "DAGMM (clean)"`, `there is no row DAEuai: the rule cold-start compares DAEuai and DAE`},
		{`method: "DAE", values`, `method: "Auto", values`, `- {method: "DAGMM (clean)"`, `there is no row DAE`},
		{`methods: ["DAE", `, `methods: ["DAE", "DAE", `, `"DAE", "DAEuai", "DAGMM"`, `"DAE" occurs twice`},
		{`budget_is_anomalies: ["LODA-AAD"`, `budget_is_anomalies: ["LODA"`, `"LODA"`, `"LODA" is not one of methods`},
		{`source_features: {ctg: 21`, `source_features: {cgt: 21`, `21, abalone`, `"cgt" is not a dataset of Table 1: did you mean ctg?`},
		{`source_features: {ctg: 21`, `source_features: {ctg: 0`, `0, abalone: 9`, `0 is below 1`},
		{`audits: "531", about: "10"`, `audits: "531"`, `{id: thyroid_budget`, `there is no about: write about or below, in per cent`},
		{`audits: "531", about: "10"`, `audits: "531", about: "10", below: "1"`, `{id: thyroid_budget`, `leave out about or below`},
		{`audits: "531", about: "10"`, `audits: "531", about: "0"`, `"0", where`, `more than 0 %`},
		{`schema: 1`, `schema: 7`, "7\n\ntable1", `schema 7 is not supported: this program reads 1`},
		{`runs: 5`, `runs: 0`, `0` + "\nk:", `0 is below 1`},
		{`runs: 5`, `runs: -5`, `-5`, `-5 is below 1`},
		{`cold_start_calls: 10`, `cold_start_calls: 5000000000`, `5000000000`, `above 1000000000`},
		{`k: {below: 100, then: 3`, `k: {below: 100, then: 0`, `0, else`, `0 is below 1`},
		{`instances: "1,191"`, `instances: "-1,191"`, `"-1,191"`, `"-1,191" is not a whole number`},
		{`instances: "1,191"`, `instances: "+1,191"`, `"+1,191"`, `is not a whole number`},
		{`instances: "1,191"`, `instances: "0x4a7"`, `"0x4a7"`, `is not a whole number`},
		{`instances: "1,191"`, `instances: "1,19"`, `"1,19"`, `is not a whole number`},
		{`instances: "1,191"`, `instances: "1e3"`, `"1e3"`, `is not a whole number`},
		{`instances: "1,191"`, `instances: "0"`, `"0", features: "8"`, `0 is below 1`},
		{`instances: "1,191"`, `instances: "1234567890123456"`, `"1234567890123456"`, `has more than 15 digits`},
		{`anomalies: "55"`, `anomalies: "NaN"`, `"NaN"`, `is not a whole number`},
		{`anomalies: "55"`, `anomalies: "Inf"`, `"Inf"`, `is not a whole number`},
		{`anomalies: "55"`, `anomalies: "5.5"`, `"5.5"`, `is not a whole number`},
		{`id: abalone, inst`, `id: yeast, inst`, `yeast, instances: "1,920"`, `"yeast" occurs twice`},
		{`{id: fashion0, `, `{id: fashion1, `, `fashion1`, `"fashion1" has no counterpart in Table 2`},
		{`classes: "9", instances: "54,610"`, `instances: "54,610"`, `{id: fashion0,`, `there is no classes`},
		{`precision: "0.7457"`, `precision: "07457"`, `"07457"`, `"07457" is not a number such as 0.7457`},
		{`precision: "0.7457"`, `precision: "--1"`, `"--1"`, `is not a number`},
		{`method: "OC-SVM", percent: "5"`, `method: "OC-SVM", percent: "0"`, `{dataset: kddcup, method: "OC-SVM", percent: "0", precision: "0.1155"`, `"kddcup, OC-SVM, 0 %" occurs twice`},
		{`, f1_sd: "0.0188"`, ``, `{dataset: kddcup, method: "DAGMM*", percent: "20"`, `there is no f1_sd: a row has all three deviations, or none`},
		{`precision: "0.5742", precision_sd: "0.0582", recall: "0.5742", recall_sd: "0.0582", f1: "0.5742", f1_sd: "0.0582"`, `precision: "0.5742", recall: "0.5742", f1: "0.5742"`,
			`{dataset: thyroid, method: "DAEuai"`, `there is no f1_sd: the sentence lower_deviation needs it`},
	} {
		t.Run(tc.new, func(t *testing.T) {
			data := strings.Replace(string(experiments.Printed), tc.old, tc.new, 1)
			if data == string(experiments.Printed) {
				t.Fatalf("%s is not in the file", tc.old)
			}
			_, err := Read("p.yaml", []byte(data))
			if err == nil {
				t.Fatalf("no error, want %s", tc.want)
			}
			at := place(t, data, tc.at)
			if !slices.ContainsFunc(strings.Split(err.Error(), "\n"), func(l string) bool { return strings.HasPrefix(l, at) && strings.Contains(l, tc.want) }) {
				t.Errorf("got\n%v\nwant %s… %s", err, at, tc.want)
			}
		})
	}
}

// All errors, of form and of meaning, are reported at once.
func TestReadAllErrors(t *testing.T) {
	data := string(experiments.Printed)
	for _, r := range [][2]string{
		{`audits: "531"`, `audits: "x"`}, {`instances: "1,191"`, `instances: 1191`}, {`runs: 5`, `runs: 0`}, {`"1/91"`, `"1:91"`},
		{`precision: "0.7457"`, `precission: "0.7457"`}, {`of: 4`, `of: four`}, {`{ctg: 21`, `{cgt: 21`},
	} {
		data = strings.Replace(data, r[0], r[1], 1)
	}
	_, err := Read("p.yaml", []byte(data))
	if err == nil {
		t.Fatal("no error")
	}
	want := []string{`1191`, `precission: "0.7457"`, `"1:91"`, `"x"`, `21, `, `0` + "\nk:", `four`}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("%d errors, want %d:\n%v", len(lines), len(want), err)
	}
	for i, w := range want {
		if !strings.HasPrefix(lines[i], place(t, data, w)) {
			t.Errorf("got %s, want it at %s", lines[i], place(t, data, w))
		}
	}
}

// The error for an empty file states what the file must have.
func TestReadEmpty(t *testing.T) {
	for _, data := range []string{"", "# nothing\n"} {
		_, err := Read("p.yaml", []byte(data))
		if err == nil || !strings.HasPrefix(err.Error(), "p.yaml:1:1: the file is empty: ") || strings.Contains(err.Error(), "spec") {
			t.Errorf("%q: %v", data, err)
		}
	}
	for _, data := range []string{"---", "null", "[]", "{}", "x", "{", "\xff", "a: *b"} {
		if _, err := Read("p.yaml", []byte(data)); err == nil || !placed.MatchString(err.Error()) {
			t.Errorf("%q: %v", data, err)
		}
	}
}

// slip changes one node of the file; do returns a function that reverts it.
type slip struct {
	path     string
	do       func() (undo func())
	reported bool // the rules or an error must report it
}

// slips returns the slips of the nodes below n: each entry removed, each scalar replaced by one of
// the wrong values, in turn. Of items with the same keys only the first and the last are changed.
func slips(n *yaml.Node, path string, count *int) []slip {
	var out []slip
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			key := path + "." + n.Content[i].Value
			out = append(out, slip{path: "without " + key, do: func() func() {
				was := n.Content
				n.Content = slices.Delete(slices.Clone(was), i, i+2)
				return func() { n.Content = was }
			}})
			out = append(out, slips(n.Content[i+1], key, count)...)
		}
	case yaml.SequenceNode:
		seen := map[string]bool{}
		for i, item := range n.Content {
			keys := ""
			for j := 0; item.Kind == yaml.MappingNode && j < len(item.Content); j += 2 {
				keys += item.Content[j].Value + " "
			}
			if seen[keys] && i < len(n.Content)-1 {
				continue
			}
			seen[keys] = true
			out = append(out, slips(item, path+"["+strconv.Itoa(i)+"]", count)...)
		}
	case yaml.ScalarNode:
		wrong := []string{"abc", "-1", "NaN", "", "DAE-UAI"}
		*count++
		to := wrong[*count%len(wrong)]
		free := strings.HasSuffix(path, ".where") || strings.HasSuffix(path, ".id")
		out = append(out, slip{path: fmt.Sprintf("%s: %q", path, to), reported: !free, do: func() func() {
			was := *n
			n.Value, n.Tag = to, ""
			return func() { *n = was }
		}})
	}
	return out
}

var placed = regexp.MustCompile(`^p\.yaml:\d+:\d+: .`)

// No slip in the shipped file makes lint panic; wrong values are errors with a position, or change
// the findings.
func TestSlips(t *testing.T) {
	var doc yaml.Node
	if err := yaml.Unmarshal(experiments.Printed, &doc); err != nil {
		t.Fatal(err)
	}
	before := fmt.Sprint(Check(printed(t)))
	count := 0
	all := slips(doc.Content[0], "", &count)
	if len(all) < 300 {
		t.Fatalf("only %d slips", len(all))
	}
	for _, s := range all {
		undo := s.do()
		var data bytes.Buffer
		if err := yaml.NewEncoder(&data).Encode(&doc); err != nil {
			t.Fatal(err)
		}
		undo()
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("%s: panic: %v", s.path, r)
				}
			}()
			p, err := Read("p.yaml", data.Bytes())
			if err != nil {
				for l := range strings.Lines(err.Error()) {
					if !placed.MatchString(l) {
						t.Errorf("%s: %s", s.path, l)
					}
				}
			} else if after := fmt.Sprint(Check(p)); s.reported && after == before {
				t.Errorf("%s: no error, and nothing new is found", s.path)
			}
		}()
	}
}
