package verify

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
)

// answer replaces the labels by the answers of the cell's own oracle.
func answer(t testing.TB, c bench.Cell, queries []runlog.Audit) {
	t.Helper()
	truth := make([]bool, 5)
	var rows []int
	for _, q := range queries {
		truth[q.Row] = q.Truth
		rows = append(rows, q.Row)
	}
	y, err := bench.Noisy(bench.Truth(truth), c.Noise, bench.NewStream(c.Seed, "oracle")).Audit(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	for i := range queries {
		queries[i].Label = y[i]
	}
}

func verify(t testing.TB, root string) *Report {
	t.Helper()
	v, err := Run(root, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// forge changes a done cell so that all digests and seals are consistent.
func forge(t testing.TB, dir, id string, change func(r *runlog.Result, q []runlog.Audit, s *runlog.Status)) {
	t.Helper()
	cell := cellDir(dir, id)
	files, err := runlog.OpenFiles(dir)
	if err != nil {
		t.Fatal(err)
	}
	l, err := files.Cell(id)
	if err != nil {
		t.Fatal(err)
	}
	queries, err := runlog.DecodeLog("", l.Log)
	if err != nil {
		t.Fatal(err)
	}
	change(l.Result, queries, &l.Status)
	result, err1 := runlog.Encode(l.Result)
	log, err2 := runlog.EncodeLog(queries)
	s := l.Status
	s.Digest = runlog.CellDigest(result, log)
	s.Files = map[string]string{runlog.ResultName: runlog.FileDigest(result), runlog.LogName: runlog.FileDigest(log)}
	s.Seal, _ = s.ComputeSeal()
	status, err3 := runlog.Encode(s)
	if err1 != nil || err2 != nil || err3 != nil {
		t.Fatal(err1, err2, err3)
	}
	for name, data := range map[string][]byte{runlog.ResultName: result, runlog.LogName: log, runlog.StatusName: status} {
		if err := os.WriteFile(filepath.Join(cell, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestVerifyWhole(t *testing.T) {
	dir, plan := wholeRun(t, 4)
	for _, root := range []string{dir, packed(t, dir)} {
		v := verify(t, root)
		if len(v.Findings) != 0 || v.Planned != 4 || v.Done != 4 || v.Replayed != 4 || v.Audits != 12 || v.Shared != 12 || v.Unsealed != 0 || v.Unproven != 0 || len(v.Tried) != 0 {
			t.Errorf("%+v", v)
		}
		run, err := runlog.Read(dir)
		if err != nil || v.Digest != run.Digest() || v.Plan != plan.Digest() {
			t.Errorf("digest %s, plan %s, %v", v.Digest, v.Plan, err)
		}
		if got := strings.Join(v.NotReplayed, "; "); !strings.Contains(got, "n, d, C and N") || !strings.Contains(got, "counted work (4 of 4 cells)") || strings.Contains(got, "ROC") {
			t.Error(got)
		}
	}
}

// Every kind of tampering is found, and the cell and file are named.
func TestVerifyFindsTampering(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(t *testing.T, dir string, p bench.Plan) error
		cell   int // the cell of the finding; -1: the run
		file   string
		want   string
	}{
		{"a changed label", func(_ *testing.T, d string, p bench.Plan) error {
			return edit(cellDir(d, p.Cells[0].ID), runlog.LogName, `"label":true`, `"label":false`)
		}, 0, runlog.LogName, "has changed since it was written"},
		{"an edited metric", func(_ *testing.T, d string, p bench.Plan) error {
			return edit(cellDir(d, p.Cells[0].ID), runlog.ResultName, `"area": 0.4`, `"area": 0.9`)
		}, 0, runlog.ResultName, "has changed since it was written"},
		{"a removed seed", func(_ *testing.T, d string, p bench.Plan) error { return os.RemoveAll(cellDir(d, p.Cells[1].ID)) },
			1, "", "Made up on toy, seed 9223372036854775809 is planned, but missing"},
		{"a swapped file", func(_ *testing.T, d string, p bench.Plan) error {
			return swap(filepath.Join(cellDir(d, p.Cells[0].ID), runlog.ResultName), filepath.Join(cellDir(d, p.Cells[1].ID), runlog.ResultName))
		}, 0, runlog.ResultName, "has changed"},
		{"swapped cells", func(_ *testing.T, d string, p bench.Plan) error {
			return swap(cellDir(d, p.Cells[0].ID), cellDir(d, p.Cells[1].ID))
		}, 0, runlog.ResultName, "is the result of another cell"},
		{"a seed out of the plan", func(_ *testing.T, d string, p bench.Plan) error {
			return rewritePlan(d, func(p *runlog.PlanFile) { p.Plan.Cells = p.Plan.Cells[1:] })
		}, -1, runlog.PlanName, "the digest of its cells"},
		{"a seed edited in the plan", func(_ *testing.T, d string, p bench.Plan) error {
			return edit(d, runlog.PlanName, fmt.Sprint(p.Cells[0].Cell.Seed), "7")
		}, -1, runlog.PlanName, "its contents give"},
		{"a label of the plan", func(_ *testing.T, d string, p bench.Plan) error {
			return edit(d, runlog.PlanName, "Made up", "Made better")
		}, -1, runlog.PlanName, "was edited: its seal"},
		{"something more in the plan", func(_ *testing.T, d string, p bench.Plan) error {
			return edit(d, runlog.PlanName, `"format": 1`, `"format": 1, "more": 2`)
		}, -1, runlog.PlanName, `was edited: line 2 is "\"format\": 1, \"more\": 2,"`},
		{"the seconds", func(_ *testing.T, d string, p bench.Plan) error {
			return edit(cellDir(d, p.Cells[2].ID), runlog.StatusName, `"seconds": 2`, `"seconds": 1`)
		}, 2, runlog.StatusName, "was edited: its seal"},
		{"a failure in place of a result", func(_ *testing.T, d string, p bench.Plan) error {
			return rewriteStatus(d, p.Cells[2].ID, func(s *runlog.Status) {
				s.State, s.Attempts[0].State, s.Digest, s.Files = runlog.Failed, runlog.Failed, "", nil
			})
		}, 2, runlog.ResultName, `state is "failed": its status was edited`},
		{"a hidden try", func(_ *testing.T, d string, p bench.Plan) error {
			return rewriteStatus(d, p.Cells[2].ID, func(s *runlog.Status) { s.Attempts = append(s.Attempts, s.Attempts[0]) })
		}, 2, runlog.StatusName, "attempt 1 was done, but 1 more follow it"},
		{"another seed's attempt", func(_ *testing.T, d string, p bench.Plan) error {
			return rewriteStatus(d, p.Cells[2].ID, func(s *runlog.Status) { s.Attempts[0].Seed++ })
		}, 2, runlog.StatusName, "attempt 1 had seed"},
		{"the environment", func(_ *testing.T, d string, p bench.Plan) error {
			return os.WriteFile(filepath.Join(d, runlog.EnvName), []byte("[{"), 0o644)
		}, -1, runlog.EnvName, "env.json is damaged"},
		{"where it ran", func(_ *testing.T, d string, p bench.Plan) error {
			return edit(d, runlog.EnvName, `"host": "there"`, `"host": "here"`)
		}, -1, runlog.EnvName, "env.json was edited: the seal of invocation 2 of 2 ("},
		{"something more of where it ran", func(_ *testing.T, d string, p bench.Plan) error {
			return edit(d, runlog.EnvName, `"host": "there"`, `"host": "there", "gpu": "none"`)
		}, -1, runlog.EnvName, "env.json was edited: line"},
		{"a seal taken off", func(_ *testing.T, d string, p bench.Plan) error {
			data := string(bytesOf(t, filepath.Join(d, runlog.EnvName)))
			i := strings.LastIndex(data, ",\n    \"seal\"")
			return os.WriteFile(filepath.Join(d, runlog.EnvName), []byte(data[:i]+"\n  }\n]\n"), 0o644)
		}, -1, runlog.EnvName, "invocation 2 of 2 (0001-01-01 00:00:00, on there) has no seal, but an earlier one has"},

		// With all digests and seals consistent:
		{"a forged metric", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[0].ID, func(r *runlog.Result, _ []runlog.Audit, _ *runlog.Status) { r.Metrics.Area = 0.9 })
			return nil
		}, 0, runlog.ResultName, `is "\"area\": 0.9", not "\"area\": 0.4"`},
		{"a forged curve", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[0].ID, func(r *runlog.Result, _ []runlog.Audit, _ *runlog.Status) {
				r.Measure([]bool{true, false, false}, 2, 3)
			})
			return nil
		}, 0, runlog.ResultName, "does not follow from the audit log"},
		{"a forged answer", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[0].ID, func(_ *runlog.Result, q []runlog.Audit, _ *runlog.Status) { q[0].Label = true })
			return nil
		}, 0, runlog.LogName, "the oracle does not err"},
		{"a forged answer of an oracle that errs", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[3].ID, func(_ *runlog.Result, q []runlog.Audit, _ *runlog.Status) { q[0].Label = !q[0].Label })
			return nil
		}, 3, runlog.LogName, "the oracle of this seed answers"},
		{"a forged truth, with all that follows", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[1].ID, func(r *runlog.Result, q []runlog.Audit, _ *runlog.Status) {
				q[0].Truth, q[0].Label, q[0].Found, q[1].Found, q[2].Found = true, true, 1, 2, 2
				r.Measure([]bool{true, true, false}, 2, 3)
			})
			return nil
		}, 1, runlog.LogName, "audit 1 records truth true for row 3, contrary to 3 other cells on the same data"},
		{"forged anomalies of the dataset", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[1].ID, func(r *runlog.Result, _ []runlog.Audit, _ *runlog.Status) {
				r.Measure([]bool{false, true, false}, 1, 3)
			})
			return nil
		}, 1, runlog.ResultName, "n, d, C, N of toy are {5 2 0 1} here, but {5 2 0 2} in 3 of its 4 cells"},
		{"a forged k", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[1].ID, func(r *runlog.Result, q []runlog.Audit, _ *runlog.Status) {
				r.K = 1
				for i := range q {
					q[i].Call, q[i].Rank = i+1, 1
				}
			})
			return nil
		}, 1, runlog.ResultName, "k = 3 below 100 anomalies, else 10 is 3 here, not 1"},
		{"a forged budget", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[1].ID, func(r *runlog.Result, _ []runlog.Audit, _ *runlog.Status) {
				r.Measure([]bool{false, true, false}, 2, 4)
			})
			return nil
		}, 1, runlog.ResultName, "a budget of 3 is 3 audits here, not 4"},
		{"impossible rows", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[1].ID, func(r *runlog.Result, _ []runlog.Audit, _ *runlog.Status) { r.Rows = 1 << 60 })
			return nil
		}, 1, runlog.ResultName, "a dataset cannot have 1152921504606846976 rows"},
		{"an impossible ranking", func(t *testing.T, d string, p bench.Plan) error {
			forge(t, d, p.Cells[1].ID, func(r *runlog.Result, _ []runlog.Audit, _ *runlog.Status) { r.Full = metric.RecallCurve{2, 6} })
			return nil
		}, 1, runlog.ResultName, "full is not a list of places"},
		{"spaces in the log", func(t *testing.T, d string, p bench.Plan) error {
			return respell(d, p.Cells[1].ID)
		}, 1, runlog.LogName, `line 1 is "{ `},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, plan := wholeRun(t, 4)
			again, err := runlog.Open(dir, plan, runlog.Env{Host: "there"}, runlog.Shard{})
			if err != nil {
				t.Fatal(err)
			}
			again.Close()
			if err := c.change(t, dir, plan); err != nil {
				t.Fatal(err)
			}
			v := verify(t, dir)
			id := ""
			if c.cell >= 0 {
				id = plan.Cells[c.cell].ID
			}
			if !slices.ContainsFunc(v.Findings, func(f Finding) bool {
				return f.Cell == id && strings.HasSuffix(f.File, c.file) && strings.Contains(f.Problem, c.want)
			}) {
				t.Errorf("cell %s, file %s, %q is not among %q", id, c.file, c.want, v.Findings)
			}
			for _, f := range v.Findings {
				if f.Cell != id && !strings.HasPrefix(c.name, "swapped") && c.name != "a swapped file" {
					t.Errorf("blamed: %+v", f)
				}
			}
		})
	}
}

func swap(a, b string) error {
	for _, m := range [][2]string{{a, a + ".x"}, {b, a}, {a + ".x", b}} {
		if err := os.Rename(m[0], m[1]); err != nil {
			return err
		}
	}
	return nil
}

// rewritePlan changes the plan and updates its seal, but not the digest of its cells.
func rewritePlan(dir string, change func(*runlog.PlanFile)) error {
	files, err := runlog.OpenFiles(dir)
	if err != nil {
		return err
	}
	p, _, err := files.Plan()
	if err != nil {
		return err
	}
	change(&p)
	if p.Seal, err = p.ComputeSeal(); err != nil {
		return err
	}
	data, err := runlog.Encode(p)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, runlog.PlanName), data, 0o644)
}

func rewriteStatus(dir, id string, change func(*runlog.Status)) error {
	var s runlog.Status
	file := filepath.Join(cellDir(dir, id), runlog.StatusName)
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	change(&s)
	if s.Seal, err = s.ComputeSeal(); err != nil {
		return err
	}
	if data, err = runlog.Encode(s); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}

// respell writes the same audits in another spelling, with matching digests.
func respell(dir, id string) error {
	file := filepath.Join(cellDir(dir, id), runlog.LogName)
	log, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	log = []byte(strings.Replace(string(log), "{", "{ ", 1))
	result, err := os.ReadFile(filepath.Join(cellDir(dir, id), runlog.ResultName))
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, log, 0o644); err != nil {
		return err
	}
	return rewriteStatus(dir, id, func(s *runlog.Status) {
		s.Digest, s.Files[runlog.LogName] = runlog.CellDigest(result, log), runlog.FileDigest(log)
	})
}

// If a seed is removed from the plan, with consistent digest and seal, its cell counts as not
// planned in a directory; in a pack, which has only planned cells, it is a finding.
func TestVerifyCellsNotInThePlan(t *testing.T) {
	dir, _ := wholeRun(t, 4)
	if err := rewritePlan(dir, func(p *runlog.PlanFile) { p.Plan.Cells = p.Plan.Cells[1:]; p.Digest = p.Plan.Digest() }); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, dir); v.NotInPlan != 1 || len(v.Findings) != 0 {
		t.Errorf("%+v", v)
	}
	if v := verify(t, tarred(t, dir)); len(v.Findings) != 1 || !strings.Contains(v.Findings[0].Problem, "1 cells of the pack are not in its plan") {
		t.Errorf("%+v", v.Findings)
	}
}

// Cells with more than one attempt are listed with all their attempts; so are cells set aside.
func TestVerifyListsAttempts(t *testing.T) {
	dir := someRun(t)
	v, err := Run(dir, Options{Partial: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Findings) != 0 || v.NotRun != 1 || v.Done != 2 || v.Failed != 1 || v.NotInPlan != 1 {
		t.Errorf("%+v", v)
	}
	if len(v.Tried) != 2 || v.Tried[0].State != runlog.Failed || len(v.Tried[1].Attempts) != 2 || v.Tried[1].Attempts[0].Error != "too slow" {
		t.Errorf("%+v", v.Tried)
	}
	if v := verify(t, dir); len(v.Findings) != 1 || !strings.Contains(v.Findings[0].Problem, "is planned, but missing") {
		t.Errorf("%+v", v.Findings)
	}
	plan := testPlan(4)
	if err := edit(cellDir(dir, plan.Cells[0].ID), runlog.ResultName, `"audited": 3`, `"audited": 4`); err != nil {
		t.Fatal(err)
	}
	open(t, dir, plan)
	if v, err := Run(dir, Options{Partial: true}); err != nil || len(v.SetAside) != 1 || v.NotRun != 2 {
		t.Errorf("%+v %v", v, err)
	}
}

// Files from before seals are accepted and counted, and must still be in canonical form.
func TestVerifyBeforeSeals(t *testing.T) {
	dir, plan := wholeRun(t, 3)
	unseal := func(file string) {
		data := string(bytesOf(t, file))
		i := strings.LastIndex(data, ",\n  \"seal\"")
		if err := os.WriteFile(file, []byte(data[:i]+"\n}\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	unseal(filepath.Join(dir, runlog.PlanName))
	unseal(filepath.Join(cellDir(dir, plan.Cells[0].ID), runlog.StatusName))
	if v := verify(t, dir); v.Unsealed != 2 || len(v.Findings) != 0 {
		t.Errorf("%+v", v)
	}
	bare, err := runlog.Encode([]runlog.Env{{Host: "here"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, runlog.EnvName), bare, 0o644); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, dir); v.Unsealed != 2 || v.Unproven != 1 || len(v.Findings) != 0 {
		t.Errorf("%+v", v)
	}
	open(t, dir, plan) // the plan is written anew, and this invocation is sealed
	if v := verify(t, dir); v.Unsealed != 1 || v.Unproven != 1 || len(v.Findings) != 0 {
		t.Errorf("%+v", v)
	}
	if err := edit(dir, runlog.PlanName, `"format": 1`, `"format":  1`); err != nil {
		t.Fatal(err)
	}
	if v := verify(t, dir); len(v.Findings) != 1 {
		t.Errorf("%+v", v)
	}
}

func TestVerifyNothing(t *testing.T) {
	if _, err := Run(filepath.Join(t.TempDir(), "x"), Options{}); err == nil || !strings.Contains(err.Error(), "there is no run directory") {
		t.Error(err)
	}
}

// A change of any byte of a digested or sealed file is found.
func TestAnyFlippedByteIsFound(t *testing.T) {
	dir, plan := wholeRun(t, 3)
	files := []string{runlog.PlanName, runlog.EnvName}
	for _, c := range plan.Cells {
		for _, name := range []string{runlog.StatusName, runlog.ResultName, runlog.LogName} {
			files = append(files, filepath.Join(runlog.CellsName, c.ID, name))
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		file := filepath.Join(dir, rapid.SampledFrom(files).Draw(r, "file"))
		whole, err := os.ReadFile(file)
		if err != nil {
			r.Fatal(err)
		}
		defer os.WriteFile(file, whole, 0o644)
		data := slices.Clone(whole)
		data[rapid.IntRange(0, len(data)-1).Draw(r, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(r, "bit")
		if err := os.WriteFile(file, data, 0o644); err != nil {
			r.Fatal(err)
		}
		v, err := Run(dir, Options{})
		if err != nil {
			r.Fatal(err)
		}
		if len(v.Findings) == 0 {
			r.Errorf("%s passes", file)
		}
	})
	if v := verify(t, dir); len(v.Findings) != 0 {
		t.Fatal("the run was not put back")
	}
}

func TestSampleAndCompare(t *testing.T) {
	dir, plan := wholeRun(t, 4)
	v := verify(t, dir)
	if got := v.Sample(9, 1); len(got) != 4 {
		t.Errorf("%d of 4 cells", len(got))
	}
	two := v.Sample(2, 1)
	if again := verify(t, packed(t, dir)).Sample(2, 1); len(two) != 2 || two[0].ID != again[0].ID || two[1].ID != again[1].ID {
		t.Errorf("drawn %v, then %v", two, again)
	}
	c := plan.Cells[0]
	r, q := testResult(c.Cell)
	if err := v.Compare(c.ID, r, q); err != nil || len(v.Findings) != 0 {
		t.Fatal(err, v.Findings)
	}
	q[1].Score = 0.26
	if err := v.Compare(c.ID, r, q); err != nil || len(v.Findings) != 1 {
		t.Fatal(err, v.Findings)
	}
	if f := v.Findings[0]; f.Cell != c.ID || !strings.HasSuffix(f.File, runlog.LogName) || !strings.Contains(f.Problem, `line 2 is`) || !strings.Contains(f.Problem, `\"score\":0.26`) {
		t.Error(f)
	}
	for _, s := range v.Sample(9, 1) {
		if s.ID == c.ID {
			t.Error("a cell that was found wrong is drawn")
		}
	}
}

// Cells imported from another run pass like those that ran here.
func TestImportedCells(t *testing.T) {
	there := someRun(t)
	run, err := runlog.Read(there)
	if err != nil {
		t.Fatal(err)
	}
	plan, here := testPlan(4), t.TempDir()
	w := open(t, here, plan)
	fail(t, w, plan.Cells[2], runlog.TimedOut, "it was slow here")
	for _, c := range plan.Cells {
		if _, err := w.ImportCell(c.ID, run); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	if v, err := Run(here, Options{Partial: true}); err != nil || len(v.Findings) != 0 || v.Done != 2 || v.Replayed != 2 {
		t.Errorf("%+v, %v", v, err)
	}
}

// Findings name a dataset by Options.Dataset, since the id of a user's own file tells nothing.
func TestFindingsNameTheDataset(t *testing.T) {
	dir, plan := wholeRun(t, 5)
	if err := os.RemoveAll(cellDir(dir, plan.Cells[0].ID)); err != nil {
		t.Fatal(err)
	}
	forge(t, dir, plan.Cells[1].ID, func(r *runlog.Result, _ []runlog.Audit, _ *runlog.Status) { r.Features++ })
	v, err := Run(dir, Options{Dataset: func(bench.PlannedCell) string { return "the till" }})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range v.Findings {
		found = append(found, f.Problem)
	}
	all := strings.Join(found, "\n")
	for _, want := range []string{"Made up on the till, seed", "n, d, C, N of the till are"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in %s", want, all)
		}
	}
	if strings.Contains(all, " toy") {
		t.Errorf("the id: %s", all)
	}
}
