package site

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed/atom"

	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/compare"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/nights"
)

// story has four nights: in the third a cell fails, in the fourth it works again.
func story(t *testing.T) *nights.Story {
	t.Helper()
	var runs []*runlog.Run
	for i := range 4 {
		run := fake.Demo(2, 3, 60)
		run.Path = "2026-01-0" + string(rune('1'+i)) + runlog.PackSuffix
		run.Envs = []runlog.Env{{Arch: "amd64", Commit: "0123456789abcdef",
			Started: time.Date(2026, 1, 1+i, 2, 17, 0, 0, time.UTC)}}
		if i == 2 {
			c := &run.Cells[0]
			c.Result, c.Status = nil, runlog.Status{State: runlog.Failed,
				Attempts: []runlog.Attempt{{State: runlog.Failed, Error: fake.Strange}}}
		}
		runs = append(runs, run)
	}
	s, err := nights.Judge(runs, nil, compare.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func build(t *testing.T, specs ...Spec) func(name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "public")
	for range 2 { // the second time files are replaced
		if err := Build(dir, specs); err != nil {
			t.Fatal(err)
		}
	}
	return func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
}

func TestSite(t *testing.T) {
	s := story(t)
	read := build(t, Spec{Name: "demo", Title: fake.Strange, Story: s, Claims: []Claim{
		{"t1-x", fake.Strange, []string{"", "open", "reproduced", "reproduced"}}}})
	for name, wants := range map[string][]string{
		"index.html": {`href="demo/index.html"`, "green again with 2026-01-04", `href="feed.atom"`},
		"demo/index.html": {"2026-01-03", "red", "0123456789ab", "reproduced", "<svg", `<figure class="narrow">`, `<details open="open">`,
			"&lt;script&gt;"},
		"badge.svg":      {"uaibench: green"},
		"demo/badge.svg": {"demo: green"},
	} {
		got := read(name)
		for _, want := range wants {
			if !strings.Contains(got, want) {
				t.Errorf("%s lacks %q", name, want)
			}
		}
		for _, bad := range []string{"<script", "src=", "url(", "@import"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s has %q", name, bad)
			}
		}
		if _, err := fake.Elements(got); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if strings.Contains(read("demo/index.html"), "fails now") {
		t.Error("a failure of an earlier night stands among what a gate stops now")
	}
}

// The feed parses as Atom: the newest first, one entry for each change of colour and for the last
// night.
func TestFeed(t *testing.T) {
	read := build(t, Spec{Name: "demo", Title: "Demo", Story: story(t)})
	f, err := (&atom.Parser{}).Parse(strings.NewReader(read("feed.atom")))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	ids := map[string]bool{}
	for _, e := range f.Entries {
		got = append(got, e.Title)
		ids[e.ID] = true
		if e.UpdatedParsed == nil || e.UpdatedParsed.Year() != 2026 {
			t.Error(e.Title, e.Updated)
		}
	}
	want := "demo: green with 2026-01-04; demo: red with 2026-01-03"
	if strings.Join(got, "; ") != want || len(ids) != 2 || f.Title == "" || f.ID == "" {
		t.Errorf("%q, %d ids", got, len(ids))
	}
	if !strings.Contains(f.Entries[1].Summary, "fails now") {
		t.Errorf("%+v", f.Entries[1])
	}
}

func TestRedBadge(t *testing.T) {
	s := story(t)
	s.Nights = s.Nights[:3]
	read := build(t, Spec{Name: "demo", Story: s}, Spec{Name: "other", Story: story(t)})
	if !strings.Contains(read("badge.svg"), "uaibench: red") || !strings.Contains(read("other/badge.svg"), "other: green") {
		t.Error(read("badge.svg"))
	}
}

// The number of labelled nights depends on the room; the last one is always labelled.
func TestTicks(t *testing.T) {
	s := &nights.Story{}
	for i := range 10 {
		s.Nights = append(s.Nights, nights.Night{Name: fmt.Sprintf("2026-01-%02d at night", i+1)})
	}
	for most, want := range map[int]string{1: "2026-01-10", 3: "2026-01-02 2026-01-06 2026-01-10", 6: "2026-01-02 2026-01-04 2026-01-06 2026-01-08 2026-01-10"} {
		var got []string
		for _, tick := range ticks(s, most) {
			if tick.Label != "" {
				got = append(got, tick.Label)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%d: %q, want %q", most, got, want)
		}
	}
}
