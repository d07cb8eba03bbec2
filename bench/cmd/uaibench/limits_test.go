package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Limits on the size of files, functions and packages, outside tests.
const (
	fileLines     = 400
	functionLines = 80
	packageLines  = 4500
	columns       = 100   // a tab counts as 4
	wideShare     = 0.005 // largest share of wider lines
)

// beyond has the current exceptions and their reasons. A key is a file, "file:function", or a
// folder, whose wide lines are not counted either.
var beyond = map[string]string{}

// TestLimits checks the length of every file, function and package outside tests, and the share of
// wide lines in the tree.
func TestLimits(t *testing.T) {
	root := filepath.Join("..", "..", "..")
	lines, wide := 0, 0
	packages := map[string]int{}
	over := func(name string, n, most int, of string) {
		if _, known := beyond[name]; n > most && !known {
			t.Errorf("%s: %d lines are more than the %d of a %s", name, n, most, of)
		}
	}
	for _, file := range sources(t, root) {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		n := strings.Count(string(text), "\n")
		lines += n
		packages[path.Dir(file)] += n
		over(file, n, fileLines, "file")
		for line := range strings.Lines(string(text)) {
			line = strings.ReplaceAll(strings.TrimRight(line, "\n"), "\t", "    ")
			if _, known := beyond[path.Dir(file)]; !known && len([]rune(line)) > columns {
				wide++
			}
		}
		fset := token.NewFileSet()
		parsed, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				n := fset.Position(f.End()).Line - fset.Position(f.Pos()).Line + 1
				over(file+":"+f.Name.Name, n, functionLines, "function")
			}
		}
	}
	for folder, n := range packages {
		over(folder, n, packageLines, "package")
	}
	if share := float64(wide) / float64(lines); share > wideShare {
		t.Errorf("%d of %d lines are wider than %d columns, more than %.1f %%", wide, lines, columns,
			100*wideShare)
	}
	if lines < 10_000 {
		t.Errorf("only %d lines were read", lines)
	}
	names := slices.Sorted(maps.Keys(packages))
	t.Logf("%d lines in %d packages, %d wider than %d columns", lines, len(names), wide, columns)
}

// sources lists the Go files outside tests, by their paths below root: those that git tracks or
// would track, or all files if git is unavailable.
func sources(t *testing.T, root string) []string {
	list := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard", "*.go")
	list.Dir = root
	var files []string
	if out, err := list.Output(); err == nil {
		files = strings.Fields(string(out))
	} else {
		err := filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(file, ".go") {
				file, err = filepath.Rel(root, file)
				files = append(files, filepath.ToSlash(file))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return slices.DeleteFunc(files, func(file string) bool {
		_, err := os.Stat(filepath.Join(root, file))
		return err != nil || strings.HasSuffix(file, "_test.go")
	})
}
