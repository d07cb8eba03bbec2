package spec_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/spec"
)

// render formats a plan, one cell a line.
func render(p *bench.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "name %s, title %q, profile %q, timeout %v, plots %v, tables %v\n", p.Name, p.Title, p.Profile, p.Timeout, p.Plots, p.Tables)
	if p.MaxDrop != nil {
		fmt.Fprintf(&b, "max_drop %v\n", p.MaxDrop)
	}
	for _, c := range p.Cells {
		fmt.Fprintf(&b, "%s seed=%d budget=%v k=%q at=%v %s / %s", c.ID, c.Cell.Seed, c.Cell.Budget, c.Cell.K, c.Cell.Checkpoints, c.DatasetLabel, c.Label)
		if c.Cell.Probes != nil {
			fmt.Fprintf(&b, " look=%v", c.Cell.Probes)
		}
		for _, s := range c.Variant {
			fmt.Fprintf(&b, " %s=%s", s.Name, s.Value)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// TestValid compares the plans of the valid specs with these profiles, ids included, with the
// golden files beside them.
func TestValid(t *testing.T) {
	profiles := map[string][]string{"interface": {"", "smoke"}, "anchors": {"", "all"}, "looks": {"", "places", "other", "none"}, "datasets": {"", "small", "other"}, "protocols": {"", "halves"}, "variants": {"", "smoke", "without", "alone"}}
	files, err := filepath.Glob("testdata/valid/*.yaml")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d valid specs: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list := profiles[name]
			if list == nil {
				list = []string{""}
			}
			got := ""
			for _, profile := range list {
				p, err := spec.Parse(file, data, catalog(), spec.Options{Profile: profile})
				if err != nil {
					t.Fatal(err)
				}
				for _, c := range p.Cells {
					if c.ID != c.Cell.ID() {
						t.Errorf("id %s of a cell that has %s", c.ID, c.Cell.ID())
					}
				}
				got += render(p)
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("plan (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCellByHand computes the id of a cell from JSON that is written out here.
func TestCellByHand(t *testing.T) {
	p, err := spec.Parse("x.yaml", []byte("{version: 1, name: x, datasets: [{id: mnist0, params: {keep: 1}}], methods: [{id: dae, params: {noise: -0.0}}], budget: 50, seeds: [7], oracle: {miss: 0.5}, checkpoints: [0, 50]}"), catalog(), spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := `{"dataset":{"id":"mnist0","version":1,"params":{"keep":1,"rows":0},"seed":1,"raw":["aa","bb"]},` +
		`"method":{"id":"dae","version":1,"params":{"activation":"relu","hidden":[256,64,8],"noise":0,"pretrain_steps":5000}},` +
		`"seed":7,"budget":50,"k":{"if_anomalies_below":100,"then":3,"else":10},"checkpoints":[0,50],"oracle_noise":{"miss":0.5},` +
		fmt.Sprintf(`"loop":%d}`, bench.LoopVersion)
	sum := sha256.Sum256([]byte(text))
	if want := hex.EncodeToString(sum[:])[:20]; len(p.Cells) != 1 || p.Cells[0].ID != want {
		t.Errorf("cells %+v, want one with id %s", p.Cells, want)
	}
}

// TestOrder checks that the first seed's cells come first, and within a dataset every method's
// first combination before any method's second.
func TestOrder(t *testing.T) {
	p, err := spec.Parse("x.yaml", []byte("{version: 1, name: x, datasets: [mnist0, mammography], methods: [dae, dae_uai, random], budget: 50, seeds: {count: 2}, sweep: {noise: [0, 0.1, 0.2]}}"), catalog(), spec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range p.Cells {
		v := ""
		for _, s := range c.Variant {
			v = s.Value
		}
		got = append(got, fmt.Sprintf("%d %s %s %s", c.Cell.Seed, c.Cell.Dataset.ID, c.Cell.Method.ID, v))
	}
	var want []string
	for _, seed := range []string{"2019", "2020"} {
		for _, d := range []string{"mnist0", "mammography"} {
			for i, noise := range []string{"0", "0.1", "0.2"} {
				want = append(want, seed+" "+d+" dae "+noise, seed+" "+d+" dae_uai "+noise)
				if i == 0 {
					want = append(want, seed+" "+d+" random ")
				}
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}
