package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/internal/fake"
)

func TestSummaryGolden(t *testing.T) {
	var b strings.Builder
	if err := Summary(&b, fake.Runs()["mixed"]); err != nil {
		t.Fatal(err)
	}
	fake.Golden(t, "summary.txt", []byte(b.String()))
}

// The summary keeps within its width, however long the settings' names.
func TestSummaryOfSettings(t *testing.T) {
	f := fake.New("wide")
	for _, v := range []string{"", "U4: a tenth masked", "U5, U13: z-scores, no cold start"} {
		var set []bench.Setting
		if v != "" {
			set = []bench.Setting{{Name: "variant", Value: v}}
		}
		f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", 1, fake.Outcome{Rows: 100, N: 20, Found: fake.First(3)}, set...)
		f.Add(fake.Dataset("mnist0", nil), "dae", "DAE", 1, fake.Outcome{Rows: 100, N: 20, Found: fake.First(2)}, set...)
	}
	var b bytes.Buffer
	if err := Summary(&b, f.Run); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	for i, want := range []string{"mnist0  DAE_uai ", "        · U4: a tenth masked ", "        · U5, U13: z-scores, no cold start ", "        DAE ", "        · U4: a tenth masked "} {
		if !strings.HasPrefix(lines[i+2], want) || len([]rune(lines[i+2])) > TextWidth {
			t.Errorf("line %d is %q, want %q\n%s", i+2, lines[i+2], want, b.String())
		}
	}
}
