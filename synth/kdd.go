package synth

import (
	"context"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

const (
	kddRows, kddNormal = 494021, 97278 // in the 10% file
	revAttacks         = kddNormal / 4 // so that attacks are 20% of KDDCUP-Rev
)

var encodingParam = bench.Param{Name: "encoding", Kind: bench.String, Default: "drop_is_host_login",
	Enum: []string{"drop_is_host_login", "drop_num_outbound_cmds", "plain", "binaries_as_numbers"},
	Doc: "plain: each symbolic column becomes one column for each of its values in the 10% " +
		"file, 121 in all; the paper's 120 result if either of two constant columns is " +
		"dropped; binaries_as_numbers: the four columns of 0 and 1 are kept as numbers, 118 in " +
		"all", Source: assumed}

var testParam = bench.Param{Name: "test", Kind: bench.String, Default: "stratified",
	Enum: []string{"stratified", "class_balanced"},
	Doc: "Figure 4's test set: all normal rows and 7,315 attacks, all types equally likely; " +
		"stratified: 3,817 of types in the pool and 3,498 of others, as printed; " +
		"class_balanced: their numbers are random",
	Source: "inferred from the counts in the paper's Fig. 4"}

func kddEntries() []entry {
	tested := func(d bench.DatasetInfo) bench.DatasetInfo {
		d.TestSet = true
		return d
	}
	info := func(id, title, doc, is string, rows, anomalies int, raw []bench.RawFile,
		params ...bench.Param) bench.DatasetInfo {
		s := source.KDD99
		return bench.DatasetInfo{
			ID: id, Title: title, Doc: doc, Source: "paper, Sec. 4.2, App. A.3, Table 1",
			Version: 1, Features: 120, Raw: raw,
			Params: append(params, scalingParam, rowsParam(rows)), Rows: fixedRows(rows),
			Anomalies: fixedAnomalies(anomalies), Published: published{rows, anomalies},
			AnomalyIs: is, Licence: s.Licence, Citation: s.Citation, URLs: s.Pages,
			Differs: "a plain encoding gives 121 features, so a constant column is left out " +
				"(parameter encoding)",
		}
	}
	files := source.KDD99.Files
	return []entry{
		{info("kddcup", "KDDCUP", "connections of a network under attack, most of them attacks",
			`type normal, the minority; every attack counts as normal data`,
			kddRows, kddNormal, files[:1], encodingParam), kddcup, kddcupDraws},
		{tested(info("kddcup_rev", "KDDCUP-Rev",
			"the same connections, with attacks sampled to 20%; includes Figure 4's test set",
			"any type but normal",
			kddNormal+revAttacks, revAttacks, files, encodingParam, testParam)), kddcupRev,
			kddcupRevDraws},
	}
}

func kddcup(ctx context.Context, p bench.Params, seed uint64, split bench.Split,
	find *source.Finder) (*bench.Dataset, error) {
	c, err := find.Connections(ctx, source.KDD99, source.KDD99.Files[0])
	if err != nil {
		return nil, err
	}
	return kddcupOf(ctx, c, p, seed, split)
}

// kddcupOf builds KDDCUP from the training file. Unless it is split, the scaling is fitted on the
// complete file, even if rows are drawn.
func kddcupOf(ctx context.Context, c *source.Connections, p bench.Params, seed uint64,
	split bench.Split) (*bench.Dataset, error) {
	at, err := drawn(places(c.Rows), p.Int("rows"), seed)
	if err != nil {
		return nil, err
	}
	fit := func(rows []int) (*encoder, error) { return newEncoder(ctx, c, rows, p) }
	normal := func(kind uint8) bool { return kind == 0 }
	build := func(e *encoder, rows []int) (*bench.Dataset, error) {
		return e.dataset(ctx, "kddcup", c, rows, normal)
	}
	if split != (bench.Split{}) {
		return halved(at, func(i int) bool { return normal(c.Type[i]) }, split, fit, build)
	}
	e, err := fit(places(c.Rows))
	if err != nil {
		return nil, err
	}
	return build(e, at)
}

// kddcupRev builds KDDCUP-Rev with Figure 4's test set or, if it is split, with its other half.
func kddcupRev(ctx context.Context, p bench.Params, seed uint64, split bench.Split,
	find *source.Finder) (*bench.Dataset, error) {
	train, err := find.Connections(ctx, source.KDD99, source.KDD99.Files[0])
	if err != nil {
		return nil, err
	}
	var test *source.Connections
	if split == (bench.Split{}) {
		if test, err = find.Connections(ctx, source.KDD99, source.KDD99.Files[1]); err != nil {
			return nil, err
		}
	}
	return kddcupRevOf(ctx, train, test, p, seed, split)
}

// kddcupRevOf builds KDDCUP-Rev from the two files; a split needs only the first. Unless it is
// split, the scaling is fitted on the complete pool, even if rows are drawn. A type of attack
// counts as seen if one of the drawn rows has it, since only they are trained on.
func kddcupRevOf(ctx context.Context, train, test *source.Connections, p bench.Params, seed uint64,
	split bench.Split) (*bench.Dataset, error) {
	pool := revRows(train.Type, seed)
	at, err := drawn(pool, p.Int("rows"), seed)
	if err != nil {
		return nil, err
	}
	fit := func(rows []int) (*encoder, error) { return newEncoder(ctx, train, rows, p) }
	attack := func(kind uint8) bool { return kind != 0 }
	build := func(e *encoder, rows []int) (*bench.Dataset, error) {
		d, err := e.dataset(ctx, "kddcup_rev", train, rows, attack)
		if err != nil {
			return nil, err
		}
		d.Group, d.Groups = groups(train, rows), source.ConnectionTypes
		return d, nil
	}
	if split != (bench.Split{}) {
		return halved(at, func(i int) bool { return attack(train.Type[i]) }, split, fit, build)
	}
	e, err := fit(pool)
	if err != nil {
		return nil, err
	}
	d, err := build(e, at)
	if err != nil {
		return nil, err
	}
	at, err = testRows(test.Type, typesOf(train.Type, at), p.Str("test"), seed)
	if err != nil {
		return nil, err
	}
	d.Test, err = e.dataset(ctx, "kddcup_rev_test", test, at, attack)
	if err != nil {
		return nil, err
	}
	d.Test.Group, d.Test.Groups = groups(test, at), source.ConnectionTypes
	return d, nil
}

// typesOf marks which of source.ConnectionTypes the given rows have.
func typesOf(types []uint8, at []int) []bool {
	out := make([]bool, len(source.ConnectionTypes))
	for _, i := range at {
		out[types[i]] = true
	}
	return out
}

// groups returns the types of the given rows.
func groups(c *source.Connections, at []int) []int32 {
	out := make([]int32, len(at))
	for j, i := range at {
		out[j] = int32(c.Type[i])
	}
	return out
}

// revRows returns the rows of KDDCUP-Rev in file order: all normal ones, and attacks drawn
// uniformly without replacement.
func revRows(types []uint8, seed uint64) []int {
	var attacks []int
	for i, kind := range types {
		if kind != 0 {
			attacks = append(attacks, i)
		}
	}
	chosen := choose(len(attacks), revAttacks, bench.NewStream(seed, "synth/attacks").Rand())
	var out []int
	next := 0 // the next attack's index
	for i, kind := range types {
		if kind != 0 {
			next++
		}
		if kind == 0 || chosen[next-1] {
			out = append(out, i)
		}
	}
	return out
}
