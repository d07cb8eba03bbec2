package main

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/uaibench/uaibench/experiments"
)

// TestDocumentsAreRendered checks that the documents and their plots are current: rendered from the
// committed result sets, the ledger and the templates.
func TestDocumentsAreRendered(t *testing.T) {
	t.Chdir("../../..")
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{"render", "--check"}, &out, &errs); status != 0 {
		t.Errorf("status %d: %s%s\nmake experiments renders them", status, out.String(), errs.String())
	}
}

// read returns the content of a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// tracked lists the files that git tracks.
func tracked(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("git", "-C", "../../..", "ls-files").Output()
	if err != nil {
		t.Skip("no git here")
	}
	return strings.Fields(string(out))
}

// TestDocumentsAreShort checks that the documents that one reads first stay short, also on a
// telephone.
func TestDocumentsAreShort(t *testing.T) {
	for name, most := range map[string]int{"README.md": 150, "EXPERIMENTS.md": 250} {
		lines := strings.Split(strings.TrimRight(read(t, name), "\n"), "\n")
		if len(lines) > most {
			t.Errorf("%s has %d lines, more than %d", name, len(lines), most)
		}
		for i, line := range lines {
			if n := utf8.RuneCountInString(line); n > 160 {
				t.Errorf("%s:%d has %d characters: %s", name, i+1, n, line)
			}
		}
	}
}

// TestIndexIsComplete checks that the index has every experiment, with a link to its page.
func TestIndexIsComplete(t *testing.T) {
	index := read(t, "EXPERIMENTS.md")
	specs, err := fs.Glob(experiments.Specs, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range specs {
		name := strings.TrimSuffix(spec, ".yaml")
		if strings.HasPrefix(name, "paper") { // the ledger, the paper's tables, the first design
			continue
		}
		link := "| [" + name + "](experiments/results/" + name + ".md) |"
		if _, err := os.Stat(filepath.Join("../../..", results, name+".md")); err != nil {
			link = "| `" + name + "` |"
		}
		if !strings.Contains(index, link) {
			t.Errorf("EXPERIMENTS.md has no row that begins with %s", link)
		}
	}
	if pages := len(regexp.MustCompile(`(?m)^\| \[\w+\]\(experiments/results/\w+\.md\) \|`).FindAllString(index, -1)); pages < 15 {
		t.Errorf("only %d experiments have a page", pages)
	}
}

// written are documents that a run or a reader writes and that are not in the repository.
var written = []string{"report.md", "theory.md", "compare.md", "NAME.md"}

// TestCitedDocumentsAreThere checks that every document named in a document, comment or message is
// in the repository.
func TestCitedDocumentsAreThere(t *testing.T) {
	files := tracked(t)
	cited := regexp.MustCompile(`[\w./-]*\w\.md\b`)
	seen := 0
	for _, name := range files {
		switch path.Ext(name) {
		case ".go", ".yaml", ".md", ".tmpl", ".sh", ".py", ".txtar", "":
		default:
			continue
		}
		if strings.Contains(name, "/testdata/") || strings.HasSuffix(name, "_test.go") || name == "LICENSE" {
			continue
		}
		text, err := os.ReadFile(filepath.Join("../../..", name))
		if err != nil {
			continue // deleted, and not committed yet
		}
		for _, c := range cited.FindAllString(string(text), -1) {
			seen++
			base := path.Base(c)
			if !slices.Contains(written, base) &&
				!slices.ContainsFunc(files, func(f string) bool { return path.Base(f) == base || path.Base(f) == base+".tmpl" }) {
				t.Errorf("%s names %s, which is not in the repository", name, c)
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d documents are named anywhere: nothing was looked at", seen)
	}
}

// TestLinksLeadSomewhere checks that the files and headings that documents link to within the
// repository exist.
func TestLinksLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading := regexp.MustCompile(`(?m)^#{1,6} (.*)$`)
	anchors := func(text string) (out []string) {
		for _, m := range heading.FindAllStringSubmatch(text, -1) {
			out = append(out, strings.Map(func(r rune) rune {
				switch {
				case r == ' ':
					return '-'
				case strings.ContainsRune("-_", r) || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127:
					return r
				}
				return -1
			}, strings.ToLower(m[1])))
		}
		return out
	}
	seen := 0
	for _, name := range tracked(t) {
		if path.Ext(name) != ".md" || strings.Contains(name, "/testdata/") {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			target, anchor, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			seen++
			file := path.Join(path.Dir(name), target)
			if target == "" {
				file = name
			}
			if _, err := os.Stat(filepath.Join("../../..", file)); err != nil {
				t.Errorf("%s links to %s, which is not there", name, m[1])
				continue
			}
			if anchor != "" && !slices.Contains(anchors(read(t, file)), anchor) {
				t.Errorf("%s links to %s, which has no such heading", name, m[1])
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d links anywhere: nothing was looked at", seen)
	}
}

// TestTrustNamesTests checks that every test that trust.md names exists, and that the demo's digest
// in README.md is that of trust.md.
func TestTrustNamesTests(t *testing.T) {
	text := read(t, "experiments/trust.md")
	var all strings.Builder
	for _, name := range tracked(t) {
		if strings.HasSuffix(name, "_test.go") {
			all.WriteString(read(t, name))
		}
	}
	names := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(text, -1)
	for _, m := range names {
		if !strings.Contains(all.String(), "\nfunc "+m[1]+"(t ") {
			t.Errorf("trust.md names %s, which is no test", m[1])
		}
	}
	if len(names) < 30 {
		t.Errorf("trust.md names only %d tests", len(names))
	}
	digest := regexp.MustCompile("demo's digest is `([0-9a-f]{16})`").FindStringSubmatch(text)
	if digest == nil || !strings.Contains(read(t, "README.md"), "digest of the results "+digest[1]) {
		t.Errorf("README.md has another digest of the demo than %q", digest)
	}
}
