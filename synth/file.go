package synth

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
	"github.com/uaibench/uaibench/synth/table"
)

// FileID is the id of datasets that are the user's own files. The catalogue does not list it, since
// their rows, features and SHA-256 depend on the file: see File.
const FileID = bench.FileID

const fileVersion = 1

// FileParams are the parameters of such a dataset. The path is not among them: a file is identified
// by its content.
var FileParams = []bench.Param{
	{Name: "label", Kind: bench.String, Default: "", Source: ownFile,
		Doc: "the column that marks anomalies; empty: the column label, or y of .npz and .mat " +
			"files"},
	{Name: "anomaly", Kind: bench.Strings, Default: []string{}, Source: ownFile,
		Doc: "the label's values that mean anomaly, all others meaning normal; empty: 1, true, " +
			"anomaly, yes and o, with 0, -1, false, nominal, normal, no, n and i normal"},
	{Name: "class", Kind: bench.String, Default: "", Source: ownFile,
		Doc: "the column of each row's class, for methods that need classes; empty: none"},
	{Name: "drop", Kind: bench.Strings, Default: []string{}, Source: ownFile,
		Doc: "columns to leave out"},
	{Name: "categorical", Kind: bench.Strings, Default: []string{}, Source: ownFile,
		Doc: "columns to replace by a column of 0 and 1 for each of their values"},
	{Name: "missing", Kind: bench.String, Default: "error", Enum: table.MissingWays,
		Source: ownFile,
		Doc: "fields without a value; error: refused; mean: filled with their column's mean; " +
			"drop: their rows are left out"},
	{Name: "header", Kind: bench.String, Default: "auto", Enum: table.HeaderWays, Source: ownFile,
		Doc: "whether a text file begins with column names; auto: detected"},
	{Name: "scaling", Kind: bench.String, Default: "minmax", Enum: scalingParam.Enum,
		Source: scalingParam.Source, Open: scalingParam.Open, Doc: scalingParam.Doc},
	{Name: "rows", Kind: bench.Int, Default: 0, Min: bench.At(0), Source: ownFile,
		Doc: "rows drawn from the finished, scaled dataset, without replacement, in its order; " +
			"0: all"},
}

const ownFile = "the user's own file"

// File reads the file at path and describes it, like the catalogue's datasets, as the dataset that
// the spec's parameters given make of it: its rows, features, classes and anomalies. Raw is the
// file. It registers the file's path with find.Own. Build then builds the DatasetRef with id
// FileID, this version, the resolved parameters and Raw's SHA-256. Each invalid parameter is one
// error; problems with the file are a *table.Error.
func File(ctx context.Context, find *source.Finder, path string,
	given map[string]any) (bench.DatasetInfo, []error) {
	p, errs := bench.Resolve(FileParams, given)
	if errs != nil {
		return bench.DatasetInfo{}, errs
	}
	t, err := table.Read(ctx, path, options(p))
	if err != nil {
		return bench.DatasetInfo{}, []error{err}
	}
	n, anomalies := t.Rows, t.Anomalies()
	if k := p.Int("rows"); k > n {
		return bench.DatasetInfo{}, []error{fmt.Errorf("rows is %d, more than the %d of %s", k, n,
			path)}
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return bench.DatasetInfo{}, []error{err}
	}
	find.Own(t.SHA256, full)
	raw := bench.RawFile{Name: filepath.Base(path), SHA256: t.SHA256, Bytes: t.Bytes}
	return ownInfo(raw, t.Cols, len(t.Classes), zeroShare(t, p.Str("scaling")), n, anomalies,
		t.Label), nil
}

// ownInfo describes a file of the user's own.
func ownInfo(raw bench.RawFile, features, classes int, zeros float64, rows, anomalies int,
	label string) bench.DatasetInfo {
	return bench.DatasetInfo{
		ID: FileID, Title: raw.Name, Doc: ownFile, Source: ownFile, Version: fileVersion,
		Features: features, Classes: classes, Zeros: zeros, Raw: []bench.RawFile{raw},
		Params: FileParams, Rows: fixedRows(rows), Anomalies: fixedAnomalies(anomalies),
		AnomalyIs: fmt.Sprintf("the rows that column %s marks", label),
		Licence:   ownFile, Citation: ownFile,
	}
}

func options(p bench.Params) table.Options {
	o := table.Options{Label: p.Str("label"), Class: p.Str("class"), Drop: p.Strs("drop"),
		Categorical: p.Strs("categorical"),
		Missing:     p.Str("missing"), Header: p.Str("header")}
	if a := p.Strs("anomaly"); len(a) > 0 {
		o.Anomaly = a
	}
	return o
}

// buildFile builds a dataset from the user's own file.
func buildFile(ctx context.Context, ref bench.DatasetRef,
	find *source.Finder) (*bench.Dataset, error) {
	if ref.Version != fileVersion {
		return nil, fmt.Errorf("the plan needs version %d of its builder, this program has "+
			"version %d", ref.Version, fileVersion)
	}
	if len(ref.Raw) != 1 {
		return nil, fmt.Errorf("the plan has %d raw files, want one", len(ref.Raw))
	}
	path, err := find.OwnFile(ref.Raw[0])
	if err != nil {
		return nil, err
	}
	p := bench.Complete(FileParams, ref.Params)
	t, err := table.Read(ctx, path, options(p))
	sum := ""
	if err == nil {
		sum = t.SHA256
	} else if now, e := table.Sum(ctx, path); e == nil {
		sum = now
	}
	if sum != "" && sum != ref.Raw[0] {
		return nil, fmt.Errorf("%s: its content has changed since the plan was made: its SHA-256 "+
			"is %s, was %s", path, sum, ref.Raw[0])
	}
	if err != nil {
		return nil, err
	}
	rows := rowsOf{Name: FileID, class: t.Class, classes: t.Classes,
		Table: source.Table{Rows: t.Rows, Cols: t.Cols, Values: t.X, Anomaly: t.Anomaly}}
	return checked(rows.dataset(ctx, p, ref.Seed, ref.Split))
}

// zeroShare returns the share of zero values in the complete table after scaling. After zscore it
// is about 0.
func zeroShare(t *table.Table, scaling string) float64 {
	zero := make([]float64, t.Cols)
	switch scaling {
	case "zscore":
		return 0
	case "minmax":
		copy(zero, t.Row(0))
		for i := range t.Rows {
			for j, v := range t.Row(i) {
				zero[j] = min(zero[j], v)
			}
		}
	}
	n := 0
	for i := range t.Rows {
		for j, v := range t.Row(i) {
			if v == zero[j] {
				n++
			}
		}
	}
	return float64(n) / float64(len(t.X))
}
