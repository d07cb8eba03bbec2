package theorems

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench/theory"
)

// TestWriteTheory: every number of a result is in the tables, a statement that does not hold is
// highlighted, and violations are counted.
func TestWriteTheory(t *testing.T) {
	r := &theory.Result{
		Seed:      7,
		Posterior: []theory.Posterior{{Mixture: []float64{0.5, 0.3, 0.2}, Lambda: 0.1, TV: 0.1234, TVCoarse: 0.1243, Volume: 0.75, Diameter: 0.1111, DiameterBound: 0.2222}},
		Upper:     []theory.Upper{{Lambda: 0.01, Bound: 0.0709, Exact: 0.01, Random: 0.0099, Ratio: 7.09, Small: 7.07, KLBound: 0.0101, KL: 0.01, Pairs: 1536, Broken: 3, KLBroken: 4}},
		Lower:     []theory.Lower{{Symbols: 1000, Lambda: 0.1, Bound: 0.0999, Uniform: 0.0998, Least: 0.0997, L1: 0.1996, Broken: 5, Interior: 6}},
		Statements: []theory.Statement{
			{Name: "theorem2.bound", Text: "a <= b", Holds: true, Why: "no | violation"},
			{Name: "theorem2.tight", Text: "tight", Holds: false, Why: "7.1 times"},
		},
	}
	dir := t.TempDir()
	paths, err := Write(r, dir, nil)
	if err != nil || len(paths) != 8 {
		t.Fatalf("%d files: %v", len(paths), err)
	}
	md, err := os.ReadFile(filepath.Join(dir, "theory.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| theorem2.bound | a &lt;= b | yes | no \\| violation |", "| theorem2.tight | tight | **no** | 7.1 times |",
		"| (0.50, 0.30, 0.20) | 0.100 | 0.1234 | 0.1243 | 1.23 | 0.7500 | 0.1111 | 0.2222 |",
		"| 0.0100 | 0.0709 | 0.0100 | 0.0099 | 7.09 | 7.07 | 0.0101 | 0.0100 | 7 |", "1,536 random pairs",
		"| 1,000 | 0.100 | 0.0999 | 0.0998 | 0.0997 | 0.1996 | 11 |", "](plots/theorem2.svg)",
	} {
		if !strings.Contains(string(md), want) {
			t.Errorf("theory.md lacks %s", want)
		}
	}
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		switch filepath.Ext(p) {
		case ".svg":
			d := xml.NewDecoder(bytes.NewReader(data))
			for {
				if _, err := d.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", p, err)
				}
			}
			if strings.Contains(string(data), "NaN") || strings.Contains(string(data), "Inf") {
				t.Errorf("%s draws what is no number", p)
			}
		case ".png":
			if !bytes.HasPrefix(data, []byte("\x89PNG")) {
				t.Errorf("%s is no PNG", p)
			}
		}
	}
	if _, err := Write(r, dir, []string{"pdf"}); err == nil {
		t.Error("a format that is none was written")
	}
}
