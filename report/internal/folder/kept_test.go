package folder

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// filesBelow lists all files of a folder except the list itself.
func filesBelow(t *testing.T, dir string) (out []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && d.Name() != listName {
			name, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// write writes a report with subject of and these files.
func write(t *testing.T, dir, of string, formats []string, files ...string) {
	t.Helper()
	f := &Folder{Dir: dir, Formats: formats}
	for _, name := range files {
		if err := f.Put(name, []byte(of)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Settle(of); err != nil {
		t.Fatal(err)
	}
}

func TestSettle(t *testing.T) {
	dir := t.TempDir()
	all := []string{"html", "csv", "svg"}
	has := func(want ...string) {
		t.Helper()
		if got := filesBelow(t, dir); !slices.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	write(t, dir, "one", all, "report.html", "tables/a.csv", "tables/b.csv", "plots/a.svg")
	if err := os.WriteFile(filepath.Join(dir, "tables", "mine.csv"), []byte("kept"), 0o644); err != nil {
		t.Fatal(err)
	}
	has("plots/a.svg", "report.html", "tables/a.csv", "tables/b.csv", "tables/mine.csv")
	// The same subject, further on: a table is gone. Only CSV is requested.
	write(t, dir, "one", []string{"csv"}, "tables/a.csv")
	has("plots/a.svg", "report.html", "tables/a.csv", "tables/mine.csv")
	write(t, dir, "one", all, "report.html", "tables/a.csv")
	has("report.html", "tables/a.csv", "tables/mine.csv")
	// Another subject, again only CSV: no file of the first is kept.
	write(t, dir, "two", []string{"csv"}, "tables/c.csv")
	has("tables/c.csv", "tables/mine.csv")
	if err := Drop(dir, "two"); err != nil {
		t.Fatal(err)
	}
	has("tables/c.csv", "tables/mine.csv")
	if err := Drop(dir, "three"); err != nil {
		t.Fatal(err)
	}
	has("tables/mine.csv")
	if err := Drop(filepath.Join(dir, "nowhere"), "three"); err != nil {
		t.Error(err)
	}
}

// A list that was tampered with removes no file except a report's.
func TestDropTrustsNoList(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "run")
	names := []string{"plan.json", "env.json", "cells/x/result.json", ".locks/run", "../outside", "tables/../plan.json"}
	write(t, dir, "one", []string{"html"}, "report.html")
	for _, name := range names {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("kept"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	list := `{"of": "one", "files": ["report.html", "` + strings.Join(names, `", "`) + `"]}`
	if err := os.WriteFile(filepath.Join(dir, listName), []byte(list), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Drop(dir, "two"); err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "report.html")); err == nil {
		t.Error("the report stays")
	}
}
