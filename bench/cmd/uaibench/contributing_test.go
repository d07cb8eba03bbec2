package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// contributingBlock matches a fenced block of CONTRIBUTING.md and the line before it.
var contributingBlock = regexp.MustCompile("(?m)^([^\n]*)\n\n```(\\w+)\n((?s:.*?))^```\n")

var (
	writeFile = regexp.MustCompile("Write `([^`]+)`:$")
	addLines  = regexp.MustCompile("In `([^`]+)`, below `([^`]+)`:$")
)

// TestContributing follows the instructions of CONTRIBUTING.md for adding a figure, a method, a
// dataset and a claim on a copy of the tree, and runs its commands.
func TestContributing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program again")
	}
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	tree, work := filepath.Join(t.TempDir(), "tree"), t.TempDir()
	copyTree(t, root, tree)
	var commands []string
	done := map[string]int{}
	for _, b := range contributingBlock.FindAllStringSubmatch(string(doc), -1) {
		before, language, body := b[1], b[2], b[3]
		switch {
		case language == "sh":
			commands = append(commands, body)
		case writeFile.MatchString(before):
			path := filepath.Join(tree, writeFile.FindStringSubmatch(before)[1])
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(body), 0o666); err != nil {
				t.Fatal(err)
			}
			done["written"]++
		case addLines.MatchString(before):
			m := addLines.FindStringSubmatch(before)
			insert(t, filepath.Join(tree, m[1]), m[2], body)
			done["added"]++
		default:
			t.Errorf("what is to be done with the block after %q?", before)
		}
	}
	if done["written"] != 4 || done["added"] != 5 || len(commands) != 4 {
		t.Fatalf("%v and %d commands were found", done, len(commands))
	}
	bin := filepath.Join(work, "bin")
	// -trimpath keeps the copy's path out of the build, so that the next run finds it in the build
	// cache.
	goCommand(t, tree, "build", "-trimpath", "-ldflags=-s -w", "-o", filepath.Join(bin, "uaibench"),
		"./bench/cmd/uaibench")
	goCommand(t, tree, "vet", "-trimpath", "./report/figures", "./baselines/centroid", "./synth")
	if out, err := exec.Command("gofmt", "-l", tree).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("gofmt: %s %v", out, err)
	}
	shell := func(script string) {
		t.Helper()
		c := exec.Command("sh", "-eu", "-c", script)
		c.Dir = work
		c.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"),
			"UAIBENCH_DATA=", "XDG_CACHE_HOME="+filepath.Join(work, "cache"))
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s\n%v\n%s", script, err, out)
		}
	}
	if err := os.Symlink(filepath.Join(tree, "experiments"), filepath.Join(work, "experiments")); err != nil {
		t.Fatal(err)
	}
	for _, script := range commands {
		shell(script)
	}
}

// copyTree copies the module's files without tests, and of the packs only table1.tar.gz.
func copyTree(t *testing.T, from, to string) {
	t.Helper()
	keep := func(rel string) bool {
		first, _, _ := strings.Cut(rel, string(filepath.Separator))
		switch first {
		case "bench", "baselines", "synth", "report", "experiments":
		default:
			return rel == "go.mod" || rel == "go.sum"
		}
		return !strings.HasSuffix(rel, "_test.go") && (!strings.HasSuffix(rel, ".tar.gz") ||
			strings.HasSuffix(rel, "table1.tar.gz"))
	}
	err := filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && rel != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "bin" ||
			d.Name() == "runs"):
			return filepath.SkipDir
		case d.IsDir():
			return nil
		case !d.Type().IsRegular() || !keep(rel):
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.MkdirAll(filepath.Join(to, filepath.Dir(rel)), 0o777); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), data, 0o666)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// insert adds lines below the only line of a file that equals line; in Go files up to surrounding
// white space.
func insert(t *testing.T, path, line, lines string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	n := 0
	for l := range strings.Lines(string(data)) {
		is := strings.TrimRight(l, "\n") == line ||
			strings.HasSuffix(path, ".go") && strings.TrimSpace(l) == line
		out.WriteString(l)
		if is {
			out.WriteString(lines)
			n++
		}
	}
	if n != 1 {
		t.Fatalf("%s has the line %q %d times", path, line, n)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
}

func goCommand(t *testing.T, dir string, args ...string) {
	t.Helper()
	c := exec.Command("go", args...)
	c.Dir = dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
