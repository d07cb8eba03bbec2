package main

import (
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
)

// floors is the layer of each package, which may import only packages of this module on lower
// floors.
var floors = map[string]int{
	"bench":                                 0,
	"baselines/internal/f32":                0,
	"baselines/internal/cholesky":           0,
	"baselines/internal/state":              0,
	"bench/atomicfile":                      -1,
	"bench/detmath":                         -2,
	"experiments":                           0,
	"baselines/nn":                          1,
	"baselines/internal/split":              1,
	"baselines/internal/kmeans":             1,
	"baselines/internal/peer":               0,
	"bench/text":                            -1,
	"bench/metric":                          -1,
	"bench/spec/tree":                       0,
	"bench/spec/comments":                   0,
	"bench/spec":                            1,
	"bench/runlog":                          1,
	"bench/metric/registry":                 2,
	"bench/runlog/verify":                   2,
	"bench/submit":                          1,
	"bench/theory":                          1,
	"baselines/deep":                        2,
	"baselines/density":                     2,
	"baselines/ensemble":                    2,
	"baselines/ocsvm":                       2,
	"baselines/labels":                      3,
	"synth/internal/mattest":                0,
	"synth/table":                           1,
	"synth/source":                          2,
	"synth/toy":                             1,
	"synth":                                 3,
	"baselines/external":                    1,
	"baselines":                             4,
	"baselines/internal/speed":              3,
	"bench/runner":                          3,
	"report/stats":                          0,
	"report/text":                           0,
	"report/table":                          1,
	"report/plot":                           1,
	"report/internal/fake":                  3,
	"report/internal/folder":                2,
	"report/export":                         3,
	"report/model":                          3,
	"report/network":                        3,
	"report/theorems":                       3,
	"report/comparison":                     4,
	"report/figures":                        5,
	"report/animation":                      6,
	"report/page":                           6,
	"report/paper":                          1,
	"report/lint":                           4,
	"report/compare":                        6,
	"report/claims/ledger":                  3,
	"report/claims/sample":                  4,
	"report/claims/rule":                    5,
	"report/claims/internal/fake":           5,
	"report/claims/calibrate":               6,
	"bench/cmd/uaibench/internal/bytesize":  0,
	"bench/cmd/uaibench/internal/snakejson": 0,
	"bench/cmd/uaibench/internal/runjson":   4,
	"bench/cmd/uaibench/internal/describe":  2,
	"bench/cmd/uaibench/internal/campaign":  9,
	"report/claims/decide":                  6,
	"report/claims":                         7,
	"report":                                8,
	"report/nights":                         7,
	"report/site":                           8,
	"bench/runner/progress":                 4,
	"report/render":                         9,
	"bench/cmd/uaibench":                    10,
}

// TestImportsGoDown checks that every package imports only from lower floors, and that only
// bench/spec/tree imports yaml.v3.
func TestImportsGoDown(t *testing.T) {
	const module = "github.com/uaibench/uaibench/"
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		pkg := strings.TrimPrefix(f[0], module)
		floor, ok := floors[pkg]
		if !ok {
			t.Errorf("%s has no floor: give it one, and say what it owns in the README", pkg)
			continue
		}
		seen++
		for _, path := range f[1:] {
			if path == "gopkg.in/yaml.v3" && pkg != "bench/spec/tree" {
				t.Errorf("%s imports yaml.v3: YAML is read by bench/spec/tree alone", pkg)
			}
			below, ours := strings.CutPrefix(path, module)
			if ours && floors[below] >= floor {
				t.Errorf("%s (floor %d) imports %s (floor %d)", pkg, floor, below, floors[below])
			}
			if ours && strings.HasPrefix(pkg, "bench/r") && (strings.HasPrefix(below, "synth") || strings.HasPrefix(below, "baselines")) {
				t.Errorf("%s imports %s: the runner gets data and methods as functions", pkg, below)
			}
		}
	}
	if seen < 10 {
		t.Errorf("go list named %d packages", seen)
	}
}

// TestOtherArchitectures checks that the kernels build for the other architecture with assembly.
// make lint builds everything for it.
func TestOtherArchitectures(t *testing.T) {
	other := map[string]string{"arm64": "amd64"}[runtime.GOARCH]
	if other == "" {
		other = "arm64"
	}
	c := exec.Command("go", "build", "github.com/uaibench/uaibench/baselines/internal/f32")
	c.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+other, "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", other, err, out)
	}
}
