package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

func TestSummaryGolden(t *testing.T) {
	var b strings.Builder
	if err := Summary(&b, runs()["mixed"]); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.txt", []byte(b.String()))
}

// The summary keeps within its width, however long the settings' names.
func TestSummaryOfSettings(t *testing.T) {
	f := newFake("wide")
	for _, v := range []string{"", "U4: a tenth masked", "U5, U13: z-scores, no cold start"} {
		var set []bench.Setting
		if v != "" {
			set = []bench.Setting{{Name: "variant", Value: v}}
		}
		f.add(dataset("mnist0", nil), "dae_uai", "DAE_uai", 1, outcome{Rows: 100, N: 20, Found: first(3)}, set...)
		f.add(dataset("mnist0", nil), "dae", "DAE", 1, outcome{Rows: 100, N: 20, Found: first(2)}, set...)
	}
	var b bytes.Buffer
	if err := Summary(&b, f.run); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, want := range []string{"mnist0  DAE_uai ", "        · U4: a tenth masked ", "        · U5, U13: z-scores, no cold start ", "        DAE ", "        · U4: a tenth masked "} {
		if !strings.HasPrefix(lines[i+2], want) || len([]rune(lines[i+2])) > TextWidth {
			t.Errorf("line %d is %q, want %q\n%s", i+2, lines[i+2], want, b.String())
		}
	}
}
