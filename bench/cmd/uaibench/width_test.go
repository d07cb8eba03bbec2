package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	pretty "github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/snakejson"
)

// printed runs a command, which must succeed, and returns its standard output.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if status := run(context.Background(), args, &out, &errs); status != 0 {
		t.Fatalf("%s: status %d: %s", strings.Join(args, " "), status, errs.String())
	}
	return out.String()
}

// pack is the path of a committed result set.
func pack(name string) string { return "experiments/results/" + name + ".tar.gz" }

// TestNoWiderThanTheTerminal checks that no output is wider than the terminal and no word is cut.
// The first few commands, which take a second each, are tested only at the narrowest width.
func TestNoWiderThanTheTerminal(t *testing.T) {
	t.Chdir("../../..")
	const slow = 5
	commands := [][]string{{"data", "list"}, {"theory"}, {"plan", "demo"},
		{"plan", "demo", "--set", "k=1,3", "--set", "hidden=[256,64,8]", "--set", "methods=dae_uai"},
		{"claims", "--all", pack("figure9_10"), pack("table1-small")},
		{"methods"}, {"datasets"}, {"lint-paper", "--errata"},
		{"status", pack("table3")},
		{"compare", pack("open_points-narrow"), pack("open_points-hard")}}
	a := &app{}
	for _, m := range a.catalog().Methods {
		commands = append(commands, []string{"methods", m.ID})
	}
	for _, d := range a.catalog().Datasets {
		commands = append(commands, []string{"datasets", d.ID})
	}
	// The times in plan's output depend on other work, so only its width is checked.
	for i, args := range commands {
		whole := map[string]bool{}
		widths := []int{5000, 140, 100, 80, 60}
		if i < slow {
			widths = []int{5000, 60}
		}
		for _, columns := range widths {
			t.Setenv("COLUMNS", fmt.Sprint(columns))
			text := printed(t, args...)
			if len(text) < 40 {
				t.Errorf("%s prints next to nothing: %q", strings.Join(args, " "), text)
			}
			for i, line := range strings.Split(text, "\n") {
				words := strings.Fields(line)
				if n := pretty.StringWidth(line); n > columns && (len(words) > 1 || columns >= 80) &&
					!strings.Contains(line, "─") {
					t.Errorf("%s: line %d has %d columns of %d: %s", strings.Join(args, " "), i+1, n,
						columns, line)
				}
				for _, w := range words {
					w = strings.TrimRight(w, ".,:;…")
					if columns == 5000 {
						whole[w] = true
					} else if args[0] != "plan" && !whole[w] && !piece(w, whole) {
						t.Errorf("%s: line %d cuts a word in %d columns: %q in %q",
							strings.Join(args, " "), i+1, columns, w, line)
					}
				}
			}
		}
	}
}

// piece reports whether a word is a rule, a word that only narrow tables have, or a part of a long
// word, such as a path.
func piece(w string, whole map[string]bool) bool {
	if w == "" || strings.Trim(w, "─") == "" || slices.Contains([]string{"In", "all", "rows"}, w) {
		return true
	}
	for long := range whole {
		if len(long) > 20 && strings.Contains(long, w) {
			return true
		}
	}
	return false
}

// TestFitsNarrowTerminals checks that help, and the lines of verify and status above their tables,
// fit narrow terminals too.
func TestFitsNarrowTerminals(t *testing.T) {
	t.Chdir("../../..")
	commands := [][]string{{"verify", "--partial", "experiments/results/table3.tar.gz"}}
	var add func(c *cobra.Command)
	add = func(c *cobra.Command) {
		if c.Name() != "spec" { // its examples are not broken
			commands = append(commands, append(strings.Fields(c.CommandPath())[1:], "--help"))
		}
		for _, below := range c.Commands() {
			add(below)
		}
	}
	root := (&app{stdout: io.Discard, stderr: io.Discard}).command()
	add(root)
	if len(commands) < 25 {
		t.Errorf("%d commands", len(commands))
	}
	for _, columns := range []int{100, 60} {
		t.Setenv("COLUMNS", fmt.Sprint(columns))
		for _, args := range commands {
			for i, line := range strings.Split(printed(t, args...), "\n") {
				if n := pretty.StringWidth(line); n > columns && len(strings.Fields(line)) > 1 {
					t.Errorf("%s: line %d has %d columns of %d: %q", strings.Join(args, " "), i+1, n,
						columns, line)
				}
			}
		}
		head, table, _ := strings.Cut(printed(t, "status", pack("table3")), "digest ")
		rest, _, _ := strings.Cut(table, "\n")
		head += "digest " + rest
		for _, line := range strings.Split(head, "\n") {
			if n := pretty.StringWidth(line); n > columns {
				t.Errorf("status: %d columns of %d: %q", n, columns, line)
			}
		}
		if !regexp.MustCompile("digest [0-9a-f]{16}").MatchString(head) {
			t.Errorf("status has no digest: %q", head)
		}
	}
}

// TestFitBreaksBelowTheColumn checks that continuation lines are indented to the last column or the
// first word.
func TestFitBreaksBelowTheColumn(t *testing.T) {
	in := "short\n  --flag x   what it is for\n  all that it says\n"
	want := "short\n  --flag x   what it\n             is for\n  all that it says\n"
	if got := fit(in, 22); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	want = "short\n  --flag x what it\n  is for\n  all that it says\n"
	if got := fit(in, 18); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestListsHaveALineAnEntry checks that a list has one line an entry, which begins with its id.
func TestListsHaveALineAnEntry(t *testing.T) {
	a := &app{}
	var methods, datasets []string
	for _, m := range a.catalog().Methods {
		methods = append(methods, m.ID)
	}
	for _, d := range a.catalog().Datasets {
		datasets = append(datasets, d.ID)
	}
	for command, want := range map[string][]string{"methods": methods, "datasets": datasets} {
		var got []string
		for _, line := range strings.Split(strings.TrimSpace(printed(t, command)), "\n") {
			got = append(got, strings.Fields(line)[0])
		}
		if !slices.Equal(got[:len(got)-1], want) {
			t.Errorf("%s lists %q, want %q and a last line", command, got, want)
		}
	}
	if text := printed(t, "methods", "dae_uai"); !strings.Contains(text, "gradient_through_latent") ||
		!strings.Contains(text, "U19") {
		t.Errorf("methods dae_uai does not have its parameters:\n%s", text)
	}
	const digest = "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"
	if text := printed(t, "datasets", "mnist0"); !strings.Contains(text, digest) {
		t.Errorf("datasets mnist0 does not have its SHA-256 in one piece:\n%s", text)
	}
}

// TestKeysAreSnakeCase checks that every key of --json has a name in snake case, beside the old one
// where that differs.
func TestKeysAreSnakeCase(t *testing.T) {
	t.Chdir("../../..")
	for _, args := range [][]string{{"methods"}, {"datasets"}, {"lint-paper"}, {"plan", "demo"},
		{"claims", "--claim", "f9-gradient-through-l"}, {"status", pack("table3")},
		{"verify", "experiments/results/demo.tar.gz"},
		{"compare", pack("open_points-narrow"), pack("open_points-hard")}} {
		text := printed(t, append(args, "--json")...)
		d := json.NewDecoder(strings.NewReader(text))
		for d.More() {
			var v any
			if err := d.Decode(&v); err != nil {
				t.Fatalf("%s: %v", args, err)
			}
			checkKeys(t, strings.Join(args, " "), v)
		}
	}
	var methods []struct {
		ID, Old string
		Params  []struct {
			Name string `json:"name"`
		} `json:"params"`
	}
	if err := json.Unmarshal([]byte(printed(t, "methods", "dae_uai", "--json")), &methods); err != nil ||
		len(methods) != 1 || methods[0].ID != "dae_uai" || methods[0].Params[0].Name != "hidden" {
		t.Errorf("%v: %+v", err, methods)
	}
}

func checkKeys(t *testing.T, where string, v any) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			checkKeys(t, where, x)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if strings.IndexFunc(key, unicode.IsUpper) >= 0 {
				if _, ok := v[snakejson.Snake(key)]; !ok {
					t.Errorf("%s: %q stands without %q", where, key, snakejson.Snake(key))
				}
			}
			checkKeys(t, where, v[key])
		}
	}
}
