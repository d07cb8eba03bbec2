package synth

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

const ownText = "id;age;kind;note;fraud\n1;20;b;x;no\n2;40;a;y;yes\n3;;b;x;no\n4;30;c;x;no\n"

var ownParams = map[string]any{"label": "fraud", "drop": []any{"id"}, "class": "kind", "categorical": []any{"note"}, "missing": "mean"}

// own writes a file, describes it and registers it with f.
func own(t *testing.T, f *source.Finder, name, text string, given map[string]any) (bench.DatasetInfo, bench.DatasetRef, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	info, errs := File(t.Context(), f, path, given)
	if errs != nil {
		t.Fatal(errs)
	}
	p, errs := bench.Resolve(info.Params, given)
	if errs != nil {
		t.Fatal(errs)
	}
	return info, bench.DatasetRef{ID: FileID, Version: info.Version, Params: p, Seed: 1, Raw: []string{info.Raw[0].SHA256}}, path
}

// The user's own file as a dataset, from its description to its scaled rows, computed by hand.
func TestFile(t *testing.T) {
	f := &source.Finder{}
	info, ref, path := own(t, f, "fraud.csv", ownText, ownParams)
	n, exact := info.Rows(ref.Params, 1)
	a, known := info.Anomalies(ref.Params, 1)
	if n != 4 || !exact || a != 1 || !known || info.Features != 3 || info.Classes != 3 || info.Title != "fraud.csv" || info.Raw[0].Bytes != int64(len(ownText)) {
		t.Errorf("%+v: %d rows, %d anomalies", info, n, a)
	}
	if want := 5. / 12; info.Zeros != want { // of age 0 .5 .5 1→{0,1,.5,.5}, note=x and note=y
		t.Errorf("zeros %v, want %v", info.Zeros, want)
	}
	d, err := Build(t.Context(), ref, f)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(d.X.Data, d.Truth, d.Class, d.ClassNames, d.Classes); got != "[0 1 0 1 0 1 0.5 1 0 0.5 1 0] [false true false false] [1 0 1 2] [a b c] 3" {
		t.Errorf("%s", got)
	}
	// The reference determines the dataset and does not depend on the file's path.
	text, err := json.Marshal(ref)
	if err != nil || strings.Contains(string(text), "fraud.csv") || strings.Contains(string(text), filepath.Dir(path)) {
		t.Errorf("%s, %v", text, err)
	}
	var back bench.DatasetRef
	if err := json.Unmarshal(text, &back); err != nil || back.Key() != ref.Key() {
		t.Errorf("%s reads back as another dataset: %v", text, err)
	}
	g := &source.Finder{}
	_, other, _ := own(t, g, "elsewhere.txt", ownText, ownParams)
	again, err := Build(t.Context(), back, g)
	if other.Key() != ref.Key() || err != nil || digest(again) != digest(d) {
		t.Errorf("another place gives another dataset: %v", err)
	}
	some := back
	some.Params = with(back.Params, "rows", 3)
	if s, err := Build(t.Context(), some, g); err != nil || s.Rows() != 3 {
		t.Errorf("rows: %v", err)
	}
	some.Params, some.Split = with(back.Params, "scaling", "none"), bench.Split{Seed: 1, Train: bench.TrainDirty, Stratified: true}
	if s, err := Build(t.Context(), some, g); err != nil || s.Rows()+s.Test.Rows() != 4 || len(s.Test.Class) != s.Test.Rows() {
		t.Errorf("split: %+v, %v", s, err)
	}
}

func TestFileErrors(t *testing.T) {
	f := &source.Finder{Cache: t.TempDir()}
	_, ref, path := own(t, f, "fraud.csv", ownText, ownParams)
	for given, want := range map[string]string{
		`{"label": 3, "missing": "guess", "colour": "red"}`:                       `unknown parameter "colour"; label: 3 is not a string; missing: "guess" is not one of error, mean, drop`,
		`{"label": "fraud", "rows": 9, "drop": ["age", "note", "kind"]}`:          "rows is 9, more than the 4 of",
		`{"label": "fraud", "drop": ["id", "kind", "note"]}`:                      "fraud.csv: line 4, column 2 (age): is empty",
		`{"label": "fraud", "drop": ["age", "kind", "note"], "anomaly": ["oui"]}`: `column 5 (fraud): anomaly: no row has "oui"`,
	} {
		var p map[string]any
		if err := json.Unmarshal([]byte(given), &p); err != nil {
			t.Fatal(err)
		}
		_, errs := File(t.Context(), f, path, p)
		var all []string
		for _, err := range errs {
			all = append(all, err.Error())
		}
		if !strings.Contains(strings.Join(all, "; "), want) {
			t.Errorf("%s: %v, want %s", given, all, want)
		}
	}
	if _, err := Build(t.Context(), ref, &source.Finder{Cache: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "the user's own file with SHA-256 "+ref.Raw[0]+" is not known") {
		t.Errorf("unknown: %v", err)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(ownText, "40", "41", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Build(t.Context(), ref, f); err == nil || !strings.Contains(err.Error(), "its content has changed since the plan was made") {
		t.Errorf("changed: %v", err)
	}
	ref.Version++
	if _, err := Build(t.Context(), ref, f); err == nil || !strings.Contains(err.Error(), "version 2") {
		t.Errorf("another version: %v", err)
	}
}

// A table of ADBench is found by its content in the data directory, without being registered.
func TestADBenchIsFound(t *testing.T) {
	f := &source.Finder{Dir: finder().Dir, Cache: t.TempDir()}
	path, err := f.Resolve(t.TempDir(), "adbench/6_cardio.npz")
	if f.Dir == "" || err != nil {
		t.Skipf("data missing: %v", err)
	}
	info, errs := File(t.Context(), &source.Finder{}, path, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	p, _ := bench.Resolve(FileParams, nil)
	d, err := Build(t.Context(), bench.DatasetRef{ID: FileID, Version: info.Version, Params: p, Raw: []string{info.Raw[0].SHA256}}, f)
	if err != nil || d.Rows() != 1831 || d.X.Cols != 21 || d.Anomalies() != 176 {
		t.Errorf("%+v, %v", d, err)
	}
}
