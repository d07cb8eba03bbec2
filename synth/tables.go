package synth

import (
	"context"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

// scalingParam is the scaling of a table's columns.
var scalingParam = bench.Param{Name: "scaling", Kind: bench.String, Default: "minmax",
	Enum: []string{"minmax", "zscore", "none"},
	Doc: "scaling of each column over the whole pool; minmax: to [0, 1]; zscore: to mean 0 and " +
		"standard deviation 1; constant columns become zero; none: as in the file",
	Source: assumed, Open: "U5"}

func rowsParam(most int) bench.Param {
	return bench.Param{Name: "rows", Kind: bench.Int, Default: 0, Min: bench.At(0),
		Max: bench.At(float64(most)),
		Doc: "rows drawn from the finished, scaled dataset, without replacement, in its order; " +
			"0: all", Source: "paper, Table 1 (all)"}
}

// fixedRows implements DatasetInfo.Rows for a dataset of n rows with any seed.
func fixedRows(n int) func(bench.Params, uint64) (int, bool) {
	return func(p bench.Params, _ uint64) (int, bool) {
		if k := p.Int("rows"); k > 0 {
			return k, true
		}
		return n, true
	}
}

// fixedAnomalies implements DatasetInfo.Anomalies for a dataset with n anomalies unless rows are
// drawn.
func fixedAnomalies(n int) func(bench.Params, uint64) (int, bool) {
	return func(p bench.Params, _ uint64) (int, bool) { return n, p.Int("rows") == 0 }
}

// swapped describes Table 1's error about two of the tables.
const swapped = "Table 1 prints the statistics of Arrhythmia and Thyroid under each other's " +
	"names; its F1 rows have the right names, as Table 3 shows"

// tableEntries are the tables used as they are in their files. Rows, features and anomalies equal
// Table 1's, except as stated in Differs.
func tableEntries() []entry {
	one := func(id, title, doc, is, differs string, set *source.Set) entry {
		f := set.Table
		e := entry{DatasetInfo: bench.DatasetInfo{
			ID: id, Title: title, Doc: doc, Source: "paper, Sec. 4.2, Table 1", Version: 1,
			Features: len(f.Columns),
			Raw:      set.Files, Params: []bench.Param{scalingParam, rowsParam(f.Rows)},
			Rows: fixedRows(f.Rows), Anomalies: fixedAnomalies(f.Anomalies),
			Published: published{f.Rows, f.Anomalies}, AnomalyIs: is, Differs: differs,
			Licence: set.Licence, Citation: set.Citation, URLs: set.Pages,
		}}
		e.make = func(ctx context.Context, p bench.Params, seed uint64, split bench.Split,
			find *source.Finder) (*bench.Dataset, error) {
			return tableDataset(ctx, id, set, p, seed, split, find)
		}
		e.draws = tableDraws(set)
		return e
	}
	return []entry{
		one("thyroid", "Thyroid", "hyperfunction among patients of a thyroid clinic, six "+
			"measurements scaled by ODDS", "class hyperfunction", swapped, source.Thyroid),
		one("arrhythmia", "Arrhythmia", "rare kinds of arrhythmia in measurements of "+
			"electrocardiograms, without the five categorical attributes",
			"the smallest classes: 3, 4, 5, 7, 8, 9, 14 and 15", swapped, source.Arrhythmia),
		one("abalone", "Abalone", "very young and very old abalones among the middle-aged; sex "+
			"as two columns", "3 or 21 rings; normal are 8, 9 and 10", "", source.Abalone),
		one("yeast", "Yeast", "rare sites of proteins in yeast cells",
			"classes ERL, POX and VAC; normal are CYT, NUC and MIT", "", source.Yeast),
		one("ctg", "CTG", "pathologic fetal heart rates",
			"45 rows of class 3 (pathologic), the draw that Das et al. released; normal is class 1",
			"Table 1 prints 22 features: the released file has 21 and the label", source.CTG),
		one("shuttle", "Shuttle", "unusual states of a space shuttle's radiators (the UCI test "+
			"file without class 4)", "classes 2, 3, 5, 6 and 7; normal is class 1", "",
			source.Shuttle),
		one("covtype", "Covtype", "a rare type of forest cover",
			"cover type 4 (cottonwood/willow); normal is type 2 (lodgepole pine)",
			"Table 1 prints 0.9% anomalies: 2,747 of 286,048 are 0.96%", source.Covtype),
		one("mmg", "MMG", "calcifications in mammograms", "class 1 (calcification)",
			"the file that Das et al. released, which the paper may have used, has the same rows "+
				"in another order, rounded to 4 decimals", source.Mammography),
		one("creditcard", "Credit Card", "fraudulent payments by credit card in two days",
			"class 1 (fraud)", "", source.CreditCard),
	}
}

// tableDataset builds a dataset from a set's table.
func tableDataset(ctx context.Context, id string, set *source.Set, p bench.Params, seed uint64,
	split bench.Split, find *source.Finder) (*bench.Dataset, error) {
	t, err := find.Table(ctx, set)
	if err != nil {
		return nil, err
	}
	return rowsOf{Name: id, Table: *t}.dataset(ctx, p, seed, split)
}

// rowsOf is a table, of whose rows a dataset has all or some.
type rowsOf struct {
	Name string
	source.Table
	class   []int32 // len Rows; nil: no classes
	classes []string
}

// dataset draws rows and scales them, by the parameters rows and scaling. The scaling is fitted on
// all rows, or on a split's training rows.
func (t rowsOf) dataset(ctx context.Context, p bench.Params, seed uint64,
	split bench.Split) (*bench.Dataset, error) {
	fit := func(rows []int) ([]affine, error) {
		scale := make([]affine, t.Cols)
		return scale, columns(ctx, t.Cols, func(j int) {
			scale[j] = scaling(p.Str("scaling"), len(rows),
				func(i int) float64 { return t.Values[rows[i]*t.Cols+j] })
		})
	}
	build := func(scale []affine, rows []int) (*bench.Dataset, error) {
		return t.build(ctx, scale,
			rows)
	}
	at, err := drawn(places(t.Rows), p.Int("rows"), seed)
	if err != nil {
		return nil, err
	}
	if split != (bench.Split{}) {
		return halved(at, func(i int) bool { return t.Anomaly[i] }, split, fit, build)
	}
	scale, err := fit(places(t.Rows))
	if err != nil {
		return nil, err
	}
	return build(scale, at)
}

// build returns the given rows, scaled.
func (t rowsOf) build(ctx context.Context, scale []affine, rows []int) (*bench.Dataset, error) {
	d := &bench.Dataset{Name: t.Name, Truth: make([]bool, len(rows)), ClassNames: t.classes}
	d.X = bench.NewMatrix(len(rows), t.Cols)
	if d.Classes = len(t.classes); t.class != nil {
		d.Class = make([]int32, len(rows))
	}
	err := parallel(ctx, len(rows), func(from, to int) {
		for r := from; r < to; r++ {
			d.Truth[r] = t.Anomaly[rows[r]]
			if t.class != nil {
				d.Class[r] = t.class[rows[r]]
			}
			values := t.Values[rows[r]*t.Cols : (rows[r]+1)*t.Cols]
			for j := range d.X.Row(r) {
				d.X.Row(r)[j] = scale[j].of(values[j])
			}
		}
	})
	if err != nil {
		return nil, err
	}
	d.Same, err = same(ctx, d.X)
	return d, err
}

// places returns 0 to n-1.
func places(n int) []int {
	return slices.Collect(func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	})
}
