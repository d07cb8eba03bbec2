package baselines

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

var update = flag.Bool("update", false, "write testdata/methods.json anew")

// golden maps names to digests of the methods' results on the pool: each method with its defaults
// (except for small networks and ensembles), and with each parameter at another value. A digest
// must not change while a method's version is the same, whatever the processor, kernel or number of
// threads. To add a method's first digests, or those of a new parameter, run
//
//	go test ./baselines -run 'TestEveryParameterMatters|TestSameSeedSameBytes' -update
type golden map[string]string

const goldenFile = "testdata/methods.json"

func openGolden(t *testing.T) golden {
	t.Helper()
	g := golden{}
	data, err := os.ReadFile(goldenFile)
	if err == nil {
		err = json.Unmarshal(data, &g)
	}
	if err != nil && !*update {
		t.Fatal(err)
	}
	if *update {
		t.Cleanup(func() {
			data, err := json.MarshalIndent(g, "", "\t")
			if err == nil {
				err = os.WriteFile(goldenFile, append(data, '\n'), 0o644)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	return g
}

// check compares the digest of the audited rows, the final scores of all rows, the counted work
// and, for a method that learns, its snapshot.
func (g golden) check(t *testing.T, name string, l bench.Learner, rows []int, scores []float64) {
	t.Helper()
	h := sha256.New()
	fmt.Fprintln(h, rows)
	binary.Write(h, binary.LittleEndian, scores)
	if c, ok := l.(bench.Counter); ok {
		fmt.Fprintln(h, c.Counts()) // maps print in key order
	}
	if r, ok := l.(bench.Resumable); ok {
		if err := r.Snapshot(h); err != nil {
			t.Fatal(err)
		}
	}
	digest := fmt.Sprintf("%x", h.Sum(nil)[:8])
	switch want, ok := g[name]; {
	case *update:
		g[name] = digest
	case !ok:
		t.Errorf("%s has no digest in %s: see golden", name, goldenFile)
	case digest != want:
		t.Errorf("%s: digest %s, want %s: its results are others than those published", name,
			digest, want)
	}
}
