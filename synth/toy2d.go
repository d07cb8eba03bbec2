package synth

import (
	"context"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
	"github.com/uaibench/uaibench/synth/toy"
)

func toyEntries() []entry {
	return []entry{{bench.DatasetInfo{
		ID: "toy2d", Title: "Toy data", Doc: "three classes in four clusters of the plane, one " +
			"of them small, and scattered points; generated, without raw files",
		Source: "paper, Sec. 2.1, Figure 2", Version: 1, Features: 2, Classes: toy.Classes,
		Params: []bench.Param{
			{Name: "anomalies", Kind: bench.String, Default: "cluster", Enum: []string{"cluster",
				"scattered"}, Doc: "which points are anomalous: the small cluster, or the " +
				"scattered ones; the points are the same", Source: "paper, Figure 2 (both)"},
			scalingParam, rowsParam(toy.Rows),
		},
		Rows: fixedRows(toy.Rows),
		Anomalies: func(p bench.Params, _ uint64) (int, bool) {
			return toy.Count(toy.Anomalous(p.Str("anomalies"))), p.Int("rows") == 0
		},
		AnomalyIs: "the small cluster, or the scattered points (parameter anomalies)",
		Differs:   "the paper prints no numbers: sizes, spreads and places are our assumption",
		Licence:   "none: this program generates it", Citation: "none",
	}, toy2d, toyDraws}}
}

func toy2d(ctx context.Context, p bench.Params, seed uint64, split bench.Split,
	_ *source.Finder) (*bench.Dataset, error) {
	points := toy.Draw(seed)
	anomalous := func(i int) bool { return points[i].Kind == toy.Anomalous(p.Str("anomalies")) }
	fit := func(rows []int) ([2]affine, error) {
		return [2]affine{
			scaling(p.Str("scaling"), len(rows), func(i int) float64 { return points[rows[i]].X }),
			scaling(p.Str("scaling"), len(rows), func(i int) float64 { return points[rows[i]].Y }),
		}, nil
	}
	build := func(scale [2]affine, rows []int) (*bench.Dataset, error) {
		d := &bench.Dataset{Name: "toy2d"}
		d.X = bench.NewMatrix(len(rows), 2)
		d.Classes = toy.Classes
		for r, i := range rows {
			d.X.Row(r)[0], d.X.Row(r)[1] = scale[0].of(points[i].X), scale[1].of(points[i].Y)
			d.Class = append(d.Class, points[i].Class)
			d.Truth = append(d.Truth, anomalous(i))
		}
		return d, ctx.Err()
	}
	at, err := drawn(places(len(points)), p.Int("rows"), seed)
	if err != nil {
		return nil, err
	}
	if split != (bench.Split{}) {
		return halved(at, anomalous, split, fit, build)
	}
	scale, err := fit(places(len(points)))
	if err != nil {
		return nil, err
	}
	return build(scale, at)
}
