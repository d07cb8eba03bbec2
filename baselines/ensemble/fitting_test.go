package ensemble

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

// TestUnfitData: for every ensemble, a value that is not finite is an error that gives its place,
// before anything is fitted; so is an empty pool.
func TestUnfitData(t *testing.T) {
	fits := map[string]func(context.Context, bench.Data) error{
		"isolation forest": NewIForest(ForestSettings{}).Fit,
		"LODA":             NewLODA(LodaSettings{}).Fit,
	}
	for model, a := range map[string]*AAD{"isolation forest": NewTreeAAD(ForestSettings{},
		AADSettings{}), "LODA": NewLODAAAD(LodaSettings{}, AADSettings{})} {
		fits[model+" AAD"] = func(ctx context.Context, d bench.Data) error { return a.Train(ctx, d, bench.Labels{}) }
	}
	for name, fit := range fits {
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			d := bench.Data{X: bench.NewMatrix(40, 3)}
			for i := range d.X.Data {
				d.X.Data[i] = float32(i % 7)
			}
			d.X.Row(17)[2] = float32(bad)
			err := fit(t.Context(), d)
			if err == nil ||
				!strings.HasPrefix(err.Error(),
					strings.TrimSuffix(name, " AAD")+": row 17, column 2 of the training data is ") {
				t.Errorf("%s, %v: %v", name, bad, err)
			}
		}
		if err := fit(t.Context(), bench.Data{X: bench.NewMatrix(0, 3)}); err == nil ||
			!strings.Contains(err.Error(), "0 rows x 3 columns are too few") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
