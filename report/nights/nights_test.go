package nights

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/compare"
)

// night is a run of one method on 200 anomalies; found has the number found by each seed, or -1 if
// it failed. Another version is another recipe.
func night(name string, version int, found ...int) *runlog.Run {
	run := &runlog.Run{Path: name + runlog.PackSuffix, Plan: bench.Plan{Name: "x"},
		Envs: []runlog.Env{{Arch: "amd64", Commit: fmt.Sprintf("%012d", version)}}}
	for seed, n := range found {
		c := bench.Cell{Dataset: bench.DatasetRef{ID: "toy", Version: 1},
			Method: bench.MethodRef{ID: "a", Version: version}, Seed: uint64(seed)}
		rec := runlog.CellRecord{PlannedCell: bench.PlannedCell{ID: c.ID(), Cell: c, Label: "A"},
			Status: runlog.Status{State: runlog.Failed,
				Attempts: []runlog.Attempt{{State: runlog.Failed, Error: "it broke"}}}}
		if n >= 0 {
			truth := make([]bool, 400)
			for i := range n {
				truth[i] = true
			}
			rec.Result = &runlog.Result{ID: c.ID(), Cell: c, Rows: 1000, K: 1}
			rec.Result.Measure(truth, 200, 400)
			rec.Status = runlog.Status{State: runlog.Done, Digest: fmt.Sprint(c.ID(), n),
				Attempts: []runlog.Attempt{{State: runlog.Done}}}
		}
		run.Cells = append(run.Cells, rec)
	}
	return run
}

func judged(t *testing.T, accepted *Accepted, runs ...*runlog.Run) *Story {
	t.Helper()
	s, err := Judge(runs, accepted, compare.Settings{MaxDrop: map[string]float64{"found": 0.02}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func states(s *Story) (out []string) {
	for _, n := range s.Nights {
		state := string(n.State)
		if n.Since != "" {
			state += " since " + n.Since
		}
		out = append(out, state)
	}
	return out
}

// Good, good, good, bad, still bad, repaired, and then a drift of half a per cent of N a night,
// which reaches 2 per cent in no two consecutive nights.
func TestSevenNightsAndADrift(t *testing.T) {
	runs := []*runlog.Run{
		night("1", 1, 180, 180, 180), night("2", 1, 180, 180, 180), night("3", 2, 180, 180, 180),
		night("4", 3, 180, 120, 180), night("5", 3, 180, 120, 180), night("6", 4, 180, 180, 180),
		night("7", 5, 179, 179, 179), night("8", 6, 178, 178, 178), night("9", 7, 177, 177, 177),
		night("10", 8, 176, 176, 176), night("11", 9, 175, 175, 175),
	}
	s := judged(t, nil, runs...)
	want := []string{"baseline", "green", "green", "red since 4", "red since 4", "green", "green",
		"green", "green", "green", "red since 11"}
	if diff := cmp.Diff(want, states(s)); diff != "" {
		t.Error(diff)
	}
	crossed := strings.Join(s.Now().Crossed, "\n")
	if !strings.Contains(crossed, "since the baseline, 1: A on toy: found fell by 5.0 on average") ||
		strings.Contains(crossed, "the last green night") {
		t.Errorf("%q", crossed)
	}
	if s.Verdict() != "red since tonight, 11" || !s.Changed() {
		t.Error(s.Verdict())
	}
	// Every step has its night, its size and its commits.
	var found []string
	for _, step := range s.Since(s.Baseline) {
		if step.Metric == "found" {
			found = append(found, fmt.Sprintf("%s %.0f→%.0f %s", step.Night, step.Old, step.New, step.Commits))
		}
	}
	commit := func(v int) string { return fmt.Sprintf("%012d", v) }
	want = []string{"4 180→160 " + commit(2) + " → " + commit(3), "6 160→180 " + commit(3) + " → " + commit(4)}
	for i := range 5 {
		want = append(want, fmt.Sprintf("%d %d→%d %s → %s", 7+i, 180-i, 179-i, commit(4+i), commit(5+i)))
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Error(diff)
	}
	// Once accepted, the same night is the baseline, and the next one like it is green.
	a := &Accepted{Night: "11", Digest: runs[10].Digest(), Reason: "the new default"}
	s = judged(t, a, append(runs, night("12", 9, 175, 175, 175))...)
	if got := states(s); got[9] != "before" || got[10] != "baseline" || got[11] != "green" {
		t.Error(got)
	}
	if s.Paragraph() != "green, baseline 11. 11 was accepted: the new default." {
		t.Error(s.Paragraph())
	}
}

// A rise above the baseline followed by a fall beyond the gate is judged against the last green
// night, and stays red though it is no worse than the baseline.
func TestFallFromALaterHeight(t *testing.T) {
	s := judged(t, nil, night("1", 1, 100, 100), night("2", 2, 150, 150), night("3", 3, 110, 110),
		night("4", 3, 110, 110), night("5", 4, 150, 150))
	want := []string{"baseline", "green", "red since 3", "red since 3", "green"}
	if diff := cmp.Diff(want, states(s)); diff != "" {
		t.Error(diff)
	}
	if got := s.Nights[2].Crossed[0]; !strings.HasPrefix(got, "since 2, the last green night: ") {
		t.Error(got)
	}
}

// A cell that fails stays red until it works; so do other bytes from the same recipe.
func TestFailuresStayOpen(t *testing.T) {
	s := judged(t, nil, night("1", 1, 10, 10), night("2", 1, -1, 10), night("3", 1, -1, 10),
		night("4", 1, 10, 10), night("5", 1, 11, 10), night("6", 1, 11, 10))
	want := []string{"baseline", "red since 2", "red since 2", "green", "red since 5", "red since 5"}
	if diff := cmp.Diff(want, states(s)); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(s.Nights[2].Crossed[0], "seed 0: fails now: it broke") {
		t.Error(s.Nights[2].Crossed)
	}
}

func TestOneNight(t *testing.T) {
	s := judged(t, nil, night("1", 1, 10))
	if s.Verdict() != "1 is the baseline" || s.Last.Verdict() != "all 1 cells are equal to the bit" ||
		len(s.Tables(14)) != 0 {
		t.Error(s.Verdict(), s.Last.Verdict())
	}
}

func TestAccepted(t *testing.T) {
	runs := []*runlog.Run{night("1", 1, 10), night("2", 1, 10)}
	for _, a := range []*Accepted{{Night: "0"}, {Night: "1", Digest: "of other results"}} {
		if _, err := Judge(runs, a, compare.Settings{}); err == nil ||
			!strings.Contains(err.Error(), "uaibench accept") {
			t.Error(a, err)
		}
	}
	dir := t.TempDir()
	if a, err := ReadAccepted(dir); a != nil || err != nil {
		t.Error(a, err)
	}
	if _, err := Accept(dir, "", ""); err == nil || !strings.Contains(err.Error(), "no run or pack") {
		t.Error(err)
	}
	for _, broken := range []string{"", "{", "[]", `{"night": 3}`, `{}`} {
		if err := os.WriteFile(filepath.Join(dir, BaselineFile), []byte(broken), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadAccepted(dir); err == nil || !strings.Contains(err.Error(), BaselineFile) {
			t.Errorf("%q: %v", broken, err)
		}
	}
}

// An unreadable night keeps its position, and is last until a later one can be read.
func TestUnreadable(t *testing.T) {
	dir := t.TempDir()
	var f Folder
	for _, name := range []string{"0", "2", "4"} {
		path := filepath.Join(dir, name+runlog.PackSuffix)
		if err := os.WriteFile(path, []byte("cut"), 0o666); err != nil {
			t.Fatal(err)
		}
		f.Add(path)
		if len(f.Unreadable) == 3 {
			break
		}
		f.Runs = append(f.Runs, night(fmt.Sprint(len(f.Unreadable)*2-1), 1, 10, 10))
	}
	f.Add(filepath.Join(dir, "4"+runlog.PackSuffix)) // added again
	s, err := f.Judge(compare.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if !s.Blind() || s.Verdict() != "cannot be read: 0, 2, 4; of the others: green, baseline 1" {
		t.Error(s.Blind(), s.Verdict())
	}
	var names []string
	for _, row := range s.Tables(14)[0].Rows {
		names = append(names, s.Tables(14)[0].Columns[0].Show(row[0]))
	}
	if got := strings.Join(names, " "); got != "0 1 2 3 4" {
		t.Error(got)
	}
	if err := f.Err(); err == nil || strings.Count(err.Error(), "cannot be read: ") != 3 {
		t.Error(err)
	}
	f.Accepted = &Accepted{Night: "2"}
	if _, err := f.Judge(compare.Settings{}); err == nil ||
		!strings.Contains(err.Error(), "the baseline 2 cannot be read") {
		t.Error(err)
	}
}
