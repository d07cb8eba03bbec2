package page

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// TestWhatRan: tables and programs of the user's own are counted separately, though they share an
// id.
func TestWhatRan(t *testing.T) {
	b := fake.New("own")
	for i, raw := range []string{"ab", "cd", "ab"} { // the third is the first, scaled differently
		d := fake.Dataset(bench.FileID, bench.Params{"scaling": []string{"minmax", "minmax", "none"}[i]})
		d.Raw = []string{raw}
		for _, method := range [][2]string{{"iforest", "IForest"}, {bench.ProgramID, "mine"},
			{bench.ProgramID, "yours"}} {
			b.Add(d, method[0], method[1], 1, fake.Outcome{Rows: 100, N: 20, Found: fake.First(4)})
		}
	}
	got := whatRan(model.New(b.Run, fake.Catalog()))
	if !strings.HasPrefix(got, "3 methods on 2 datasets: ") {
		t.Error(got)
	}
}
