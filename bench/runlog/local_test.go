package runlog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
)

// TestPlansHaveNoFolders: plan.json and packs hold no paths of this machine, the directory does
// (local.json), and two machines make the same plan.
func TestPlansHaveNoFolders(t *testing.T) {
	var plans [][]byte
	for _, home := range []string{"/home/ann", `C:\Users\bo`} {
		plan := testPlan(1)
		plan.Own = &bench.OwnThings{Folder: home, Files: map[string]string{"f00d": home + "/specs/in/x.csv",
			"beef": home + "/y.csv", "cafe": "adbench/z.npz"},
			Names: map[string]string{"f00d": "in/x.csv", "beef": home + "/y.csv", "cafe": "adbench/z.npz"}}
		dir := filepath.Join(t.TempDir(), "run")
		w := open(t, dir, plan)
		finish(t, w, plan.Cells[0])
		w.Close()
		data := bytesOf(t, filepath.Join(dir, PlanName))
		plans = append(plans, data)
		if strings.Contains(string(data), "home") || strings.Contains(string(data), "Users") {
			t.Errorf("%s", data)
		}
		run, err := Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(plan.Own.Files, run.Plan.Own.Files); diff != "" || run.Plan.Own.Folder != home {
			t.Errorf("%s, folder %s", diff, run.Plan.Own.Folder)
		}
		names := map[string]string{"f00d": "in/x.csv", "beef": "y.csv", "cafe": "adbench/z.npz"}
		of := func(what, path string, want map[string]string) {
			t.Helper()
			run, err := Read(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&bench.OwnThings{Files: want}, run.Plan.Own, cmp.Transformer("kept",
				func(o bench.OwnThings) any { return []any{o.Files, o.Folder} })); diff != "" {
				t.Errorf("%s: %s", what, diff)
			}
		}
		of("pack", packed(t, dir), names)
		if err := os.Remove(filepath.Join(dir, LocalName)); err != nil {
			t.Fatal(err)
		}
		of("directory of another machine", dir, names)

		// A plan of an older version, with full paths, is read, and packed without them.
		old := PlanFile{Format: FormatVersion, Digest: plan.Digest(), Plan: plan}
		if old.Seal, err = old.ComputeSeal(); err != nil {
			t.Fatal(err)
		}
		data, err = Encode(old)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, PlanName), data, 0o666); err != nil {
			t.Fatal(err)
		}
		if run, err = Read(dir); err != nil || run.Plan.Own.Folder != home ||
			run.Plan.Own.Files["beef"] != home+"/y.csv" {
			t.Errorf("%+v, %v", run, err)
		}
		names["f00d"] = "x.csv"
		of("pack of an old plan", packed(t, dir), names)

		// A plan without own things removes local.json.
		w = open(t, dir, testPlan(1))
		w.Close()
		if _, err := os.Stat(filepath.Join(dir, LocalName)); err == nil {
			t.Error("the places of an earlier plan's files stay")
		}
	}
	if diff := cmp.Diff(string(plans[0]), string(plans[1])); diff != "" {
		t.Error(diff)
	}
}
