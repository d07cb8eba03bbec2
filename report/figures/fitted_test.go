package figures

import (
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/model"
)

// A value fitted to a printed number is noted beside the dataset if the parameters are those that
// it was fitted with.
func TestFittedIsShown(t *testing.T) {
	g := &model.Group{Title: "Hard", Known: true, Ref: bench.DatasetRef{ID: "hard", Params: bench.Params{"steps": 600}},
		Info: bench.DatasetInfo{ID: "hard", Params: []bench.Param{{Name: "steps", Kind: bench.Int, Default: 600}},
			Fitted: []bench.Fit{
				{Param: "steps", Value: 600, Is: "its training", To: "Table 2"},
				{Split: true, Is: "its flagged share", To: "Table 3"},
			}}}
	notes := func() string { return strings.Join(datasetTable(&model.Model{Groups: []*model.Group{g}}).Notes, "; ") }
	if got := notes(); !strings.Contains(got, "its training: fitted to Table 2, so agreement with that is by construction") || strings.Contains(got, "flagged") {
		t.Error(got)
	}
	g.Ref.Params = bench.Params{"steps": 10}
	if got := notes(); strings.Contains(got, "fitted") {
		t.Error(got)
	}
}
