package render

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

func source(t *testing.T, template, results string) Source {
	t.Helper()
	l, err := ledger.Read("paper.yaml", experiments.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	return Source{Name: "test", Template: template, Results: results, Link: "results", Ledger: l, Catalog: bench.Catalog{}}
}

// Without results every claim is "not run", and says so.
func TestNothingWasRun(t *testing.T) {
	b, err := Render(source(t, "{{summary}}\n\n{{verdicts \"th2-\" \"f11-\"}}\n\n{{numbers \"table2\"}}", t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	text := string(b.Markdown)
	for _, want := range []string{"th2-upper-bound", "f11-kddcup-3000", "not run", "3000", "mnist_hard"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, other := range []string{"th1-", "reproduced |", "contradicted |"} {
		if strings.Contains(text, other) {
			t.Errorf("%q is in\n%s", other, text)
		}
	}
}

func TestMistakesAreErrors(t *testing.T) {
	dir := t.TempDir()
	for template, want := range map[string]string{
		`{{set "mnist"}}`:                 "no result set mnist.tar.gz",
		`{{plot "mnist" "panel.budget"}}`: "no result set mnist.tar.gz",
		`{{verdicts "t9-"}}`:              "no claim",
		`{{found "mnist" "a" "DAE" 5}}`:   "no result set mnist.tar.gz",
		`{{anomalies "mnist" "mnist0"}}`:  "no result set mnist.tar.gz",
		`{{measured 0.9}}`:                `function "measured" not defined`,
	} {
		if _, err := Render(source(t, template, dir)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", template, err, want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "mnist.tar.gz"), []byte("no pack"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Render(source(t, "", dir)); err == nil || !strings.Contains(err.Error(), "mnist.tar.gz") {
		t.Errorf("a set that is no pack: %v", err)
	}
}

// Write writes what changed and removes plots that are shown no more; a check does neither.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	file, results := filepath.Join(dir, "E.md"), filepath.Join(dir, "results")
	first := &Document{Markdown: []byte("one"), Plots: map[string][]byte{"plots/a.svg": []byte("a"), "plots/b.svg": []byte("b")}}
	second := &Document{Markdown: []byte("one"), Plots: map[string][]byte{"plots/a.svg": []byte("A")}}
	names := func(paths []string) []string {
		out := make([]string, len(paths))
		for i, p := range paths {
			out[i] = filepath.Base(p)
		}
		return out
	}
	for _, step := range []struct {
		of    *Document
		check bool
		want  []string
	}{
		{first, true, []string{"E.md", "a.svg", "b.svg"}},
		{first, false, []string{"E.md", "a.svg", "b.svg"}},
		{first, true, nil},
		{second, true, []string{"a.svg", "b.svg"}},
		{second, false, []string{"a.svg", "b.svg"}},
		{second, true, nil},
	} {
		changed, err := step.of.Write(file, results, step.check)
		if err != nil || !slices.Equal(names(changed), step.want) {
			t.Errorf("%v, %v; want %v", changed, err, step.want)
		}
	}
}
