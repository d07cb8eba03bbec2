package render

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/experiments"
	"github.com/uaibench/uaibench/report/claims/ledger"
)

func source(t *testing.T, root string) Source {
	t.Helper()
	l, err := ledger.Read("paper.yaml", experiments.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	return Source{Root: root, Results: "results", Pages: "pages", Ledger: l, Catalog: bench.Catalog{}}
}

// one renders a template as E.md.
func one(t *testing.T, template, root string) (string, error) {
	t.Helper()
	d, err := Render(source(t, root), []Template{{File: "test", Text: template, Out: "E.md"}})
	return string(d["E.md"]), err
}

// Without results every claim is "not run".
func TestNothingWasRun(t *testing.T) {
	documents, err := Render(source(t, t.TempDir()), []Template{{File: "test", Out: "E.md", Text: `{{summary}}

{{verdicts "th2-" "f11-"}}

{{numbers "table2"}}

{{status "mnist"}}, {{page "mnist"}}, {{evidence "U4"}} {{answer "th2-upper-bound"}} {{estimate "th2-upper-bound"}}`}})
	if err != nil {
		t.Fatal(err)
	}
	text := string(documents["E.md"])
	if all := string(documents["results/tables/claims-table2.csv"]); strings.Count(all, "mnist_hard,") < 4 {
		t.Errorf("the numbers without a run are not all in the whole table:\n%s", all)
	}
	for _, want := range []string{"### th2-upper-bound", "### f11-kddcup-3000", "**not run**: ", "3000", "20 of 20 have no run yet.",
		"not run, `mnist`, Measured: no result set varies", "not run yet no estimate"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	for _, other := range []string{"th1-", "**reproduced**", "**contradicted**"} {
		if strings.Contains(text, other) {
			t.Errorf("%q is in\n%s", other, text)
		}
	}
}

func TestMistakesAreErrors(t *testing.T) {
	dir := t.TempDir()
	for template, want := range map[string]string{
		`{{set "mnist"}}`:                 "no result set mnist.tar.gz",
		`{{digest "mnist"}}`:              "no result set mnist.tar.gz",
		`{{plot "mnist" "panel.budget"}}`: "no result set mnist.tar.gz",
		`{{verdicts "t9-"}}`:              "no claim",
		`{{verdict "t9"}}`:                `no claim "t9"`,
		`{{estimate "t9"}}`:               `no claim "t9"`,
		`{{shared "answer"}}`:             "answer",
		`{{found "mnist" "a" "DAE" 5}}`:   "no result set mnist.tar.gz",
		`{{anomalies "mnist" "mnist0"}}`:  "no result set mnist.tar.gz",
		`{{measured 0.9}}`:                `function "measured" not defined`,
	} {
		if _, err := one(t, template, dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", template, err, want)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, "results"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "results", "mnist.tar.gz"), []byte("no pack"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := one(t, "", dir); err == nil || !strings.Contains(err.Error(), "mnist.tar.gz") {
		t.Errorf("a set that is no pack: %v", err)
	}
}

// A part replaces the text between its document's markers; the rest is unchanged.
func TestPart(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "R.md")
	template := []Template{{File: "test", Text: "new\n", Out: "R.md", Part: true}}
	for old, want := range map[string]string{
		"a\n" + PartBegin + "\nold\n" + PartEnd + "\nb\n": "a\n" + PartBegin + "\nnew\n" + PartEnd + "\nb\n",
		"a\n" + PartBegin + "\n" + PartEnd + "\n":         "a\n" + PartBegin + "\nnew\n" + PartEnd + "\n",
		"a\n":                                    "",
		PartEnd + "\n" + PartBegin + "\n":        "",
		"a\n" + PartBegin + "\nwithout an end\n": "",
	} {
		if err := os.WriteFile(file, []byte(old), 0o644); err != nil {
			t.Fatal(err)
		}
		d, err := Render(source(t, root), template)
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "markers") {
				t.Errorf("%q: %v", old, err)
			}
			continue
		}
		if err != nil || string(d["R.md"]) != want {
			t.Errorf("%q became %q, %v; want %q", old, d["R.md"], err, want)
		}
	}
}

func TestRelative(t *testing.T) {
	for _, c := range [][3]string{
		{"E.md", "x/results/a.md", "x/results/a.md"},
		{"x/m.md", "x/results/a.md", "results/a.md"},
		{"x/results/c.md", "x/results/a.md", "a.md"},
		{"x/results/c.md", "x/results/plots/a.svg", "plots/a.svg"},
		{"x/results/c.md", "E.md", "../../E.md"},
		{"x/y/c.md", "x/z/a.md", "../z/a.md"},
	} {
		if got := relative(c[0], c[1]); got != c[2] {
			t.Errorf("from %s to %s: %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// fill breaks prose only at spaces, keeps list items together, and leaves the rest unchanged.
func TestFill(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("word ", 80))
	kept := "| " + words + " |\n\n```\n" + words + "\n```\n\n    " + words + "\n\n## " + words + "\n"
	if got := fill(kept); got != kept {
		t.Errorf("a table, code or a heading became\n%s", got)
	}
	for _, s := range []string{words, "* " + words, "  " + words, "![" + words + "](a.svg)", "* " + strings.Repeat("a - ", 200) + "x", "* a " + strings.Repeat("a - ", 200) + "x",
		strings.Repeat("b 1. ", 200) + "x", "bbb " + strings.Repeat("b 1. ", 200) + "x"} {
		got := fill(s + "\nnext\n")
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(s+" next"), " ") || !strings.HasSuffix(got, "\nnext\n") {
			t.Errorf("%q became %q", s, got)
		}
		lines := strings.Split(got, "\n")
		for i, line := range lines[:len(lines)-2] {
			if len(line) > columns+3 || strings.HasSuffix(line, " ") || i > 0 && starts.MatchString(strings.Fields(line)[0]) {
				t.Errorf("line %d of %q: %q", i, s, line)
			}
			if i > 0 && strings.HasPrefix(s, "* ") && !strings.HasPrefix(line, "  ") {
				t.Errorf("line %d of %q leaves the list: %q", i, s, line)
			}
		}
	}
}

// Write writes changed documents and removes obsolete files; with check it does neither.
func TestWrite(t *testing.T) {
	root := t.TempDir()
	first := Documents{"E.md": []byte("one"), "plots/a.svg": []byte("a"), "plots/b.svg": []byte("b")}
	second := Documents{"E.md": []byte("one"), "plots/a.svg": []byte("A")}
	for i, step := range []struct {
		of    Documents
		check bool
		want  []string
	}{
		{first, true, []string{"E.md", "plots/a.svg", "plots/b.svg"}},
		{first, false, []string{"E.md", "plots/a.svg", "plots/b.svg"}},
		{first, true, nil},
		{second, true, []string{"plots/a.svg", "plots/b.svg"}},
		{second, false, []string{"plots/a.svg", "plots/b.svg"}},
		{second, true, nil},
	} {
		changed, err := step.of.Write(root, step.check, "plots/*.svg")
		if err != nil || !slices.Equal(changed, step.want) {
			t.Errorf("step %d: %v, %v; want %v", i, changed, err, step.want)
		}
	}
	if _, err := os.Stat(filepath.Join(root, "plots", "b.svg")); err == nil {
		t.Error("b.svg is still there")
	}
}

// The committed documents fit a laptop or a phone: no line over 160 characters, no table with more
// than nine columns, and plots with several panels a row have a version with one.
func TestPagesAreNarrow(t *testing.T) {
	files, err := filepath.Glob("../../experiments/results/*.md")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d pages, %v", len(files), err)
	}
	more, _ := filepath.Glob("../../experiments/*.md")
	top, _ := filepath.Glob("../../*.md")
	narrow := 0
	for _, file := range slices.Concat(files, more, top) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), "![All datasets") {
			t.Errorf("%s: a panel has no narrow version", file)
		}
		for _, m := range regexp.MustCompile(`srcset="([^"]*)">\n<img alt="[^"]+" src="([^"]*)"></picture>`).FindAllStringSubmatch(string(data), -1) {
			narrow++
			var width [2]float64
			for k, name := range m[1:] {
				svg, err := os.ReadFile(filepath.Join(filepath.Dir(file), filepath.FromSlash(name)))
				if err != nil {
					t.Fatal(err)
				}
				fmt.Sscanf(string(svg[bytes.Index(svg, []byte("viewBox=")):]), `viewBox="0 0 %g`, &width[k])
			}
			if width[0] <= 0 || width[0] > 380 || width[1] < 600 {
				t.Errorf("%s: %q have widths %v", file, m[1:], width)
			}
		}
		for i, line := range strings.Split(string(data), "\n") {
			if n := utf8.RuneCountInString(line); n > 160 {
				t.Errorf("%s:%d: %d characters", file, i+1, n)
			}
			if n := strings.Count(line, "|") - strings.Count(line, `\|`) - 1; strings.HasPrefix(line, "|") && n > 9 {
				t.Errorf("%s:%d: %d columns", file, i+1, n)
			}
		}
	}
	if narrow < 4 {
		t.Errorf("%d plots have a narrow version", narrow)
	}
}
