//go:build unix

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/spec"
)

// block is a fenced block of a Markdown page.
type block struct{ language, text string }

func blocks(page string) (out []block) {
	for i, part := range strings.Split(page, "```") {
		if i%2 == 1 {
			language, text, _ := strings.Cut(part, "\n")
			out = append(out, block{language, text})
		}
	}
	return out
}

// TestYourOwnData runs every command of experiments/your_own_data.md on the files in that page,
// with fewer training steps. The spec that init writes must be the one in the page.
func TestYourOwnData(t *testing.T) {
	python3(t)
	folder, err := filepath.Abs(filepath.Join("..", "..", "..", "experiments"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(folder, "your_own_data.md"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("UAIBENCH_DATA", "")
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Chdir(t.TempDir())
	client, err := os.ReadFile(filepath.Join(folder, "external", "uaibench_client.py"))
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("uaibench_client.py", string(client))
	all, commands := blocks(string(page)), 0
	for _, b := range all {
		switch b.language {
		case "csv":
			write("my.csv", b.text)
		case "python":
			write("mine.py", b.text)
		case "yaml":
			if strings.Contains(b.text, "name: both") {
				write("both.yaml", b.text)
			}
		}
	}
	for _, b := range all {
		if b.language == "yaml" && strings.Contains(b.text, "name: my\n") {
			if got, err := os.ReadFile("my.yaml"); err != nil || string(got) != b.text {
				t.Errorf("%v: init writes\n%s\nthe page shows\n%s", err, got, b.text)
			}
		}
		if b.language != "console" {
			continue
		}
		for line := range strings.Lines(b.text) {
			text, ok := strings.CutPrefix(strings.TrimSpace(line), "$ uaibench ")
			if !ok {
				t.Fatalf("no command: %s", line)
			}
			args := strings.Fields(text)
			if args[0] == "run" {
				args = append(args, "--set", "pretrain_steps=5", "--set", "round_steps=2")
			}
			commands++
			var out, errs bytes.Buffer
			if status := run(t.Context(), args, &out, &errs); status != 0 {
				t.Errorf("%s: status %d\n%s%s", text, status, out.String(), errs.String())
			}
			if args[0] == "run" && !strings.Contains(out.String(), "report: runs/") {
				t.Errorf("%s:\n%s", text, out.String())
			}
		}
	}
	if commands < 6 {
		t.Errorf("%d commands", commands)
	}
}

// TestADBenchWithoutTables checks that the plan of experiments/adbench.yaml is the same with and
// without its tables, whose sizes and digests are in the manifest.
func TestADBenchWithoutTables(t *testing.T) {
	data := os.Getenv("UAIBENCH_DATA")
	if _, err := os.Stat(filepath.Join(data, "adbench")); data == "" || err != nil {
		t.Skip("data missing: adbench")
	}
	file, text, ok := committedSpec("adbench")
	if !ok {
		t.Fatal("there is no such experiment")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	var digests []string
	for _, dir := range []string{data, ""} {
		t.Setenv("UAIBENCH_DATA", dir)
		p, err := spec.Parse(file, text, (&app{}).catalog(), spec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Cells) != 43*9*5 {
			t.Errorf("%d cells", len(p.Cells))
		}
		digests = append(digests, p.Digest())
		for sum, path := range p.Own.Files {
			if filepath.IsAbs(path) {
				t.Errorf("%s lies at %s: that holds on this machine alone", sum, path)
			}
		}
	}
	if !slices.Equal(digests[:1], digests[1:]) {
		t.Errorf("digests %v", digests)
	}
}
