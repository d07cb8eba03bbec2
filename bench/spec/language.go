package spec

import (
	"time"

	"github.com/uaibench/uaibench/bench"
)

// The types of this file and of language_own.go define the language: the decoder, its messages and
// defaults, the JSON Schema (Schema) and `uaibench help spec` (Help) are derived from them. The
// comments of types and fields are printed for users; the part after "Example: " is a value, as
// YAML. Tags are those of package invopop/jsonschema, and:
//
//	default  the value of an absent key, as YAML
//	value    a description of a *node's values, for Help
//	hint     the end of messages about a missing key, or a value that does not match its pattern
//	alias    former names that are still read: of the key, and, as old=new, of its words
//	form     short: the value abbreviates the mapping (mnist0 is {id: mnist0})
//	         one: a value that is not a list is a list of one item
//	         merge: a later layer replaces only the keys that it has
//	         axis: sweep may list several values
//	         ascending: a list's values are ascending
//	         needed: the file must have the key, a profile need not

// Spec is an experiment: which methods run on which datasets, how often, and what is shown.
type Spec struct {
	// Version of the language.
	// Example: 1
	Version int `json:"version" hint:"write version: 1"`
	// Name of the run directory: letters, digits, - _ and ., beginning and ending with a letter or
	// a digit.
	// Example: widths
	Name string `json:"name" jsonschema:"maxLength=100,pattern=^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$" hint:"a name for the run directory: letters, digits, - _ and ., beginning and ending with a letter or a digit"`
	// Title of the report.
	// Example: "Figure 3: MNIST"
	Title string `json:"title,omitempty"`
	Choices
	// Named sets of overrides, for --profile.
	// Example: {smoke: {budget: 60, params: {pretrain_steps: 200}}}
	Profiles map[string]*Profile `json:"profiles,omitempty" jsonschema:"maxItems=20"`
	// What the report shows.
	// Example: {tables: [f1]}
	Report *Report `json:"report,omitempty" default:"{plots: [{kind: recall_curve}], tables: [f1, datasets, assumptions]}"`
	// What uaibench compare --gate tolerates between two runs, unless its flags override it.
	// Example: {max_drop: {found: 0.02}}
	Gate *Gate `json:"gate,omitempty"`
}

// Choices are what a profile and --set can change as well.
type Choices struct {
	// Datasets: ids, or mappings with an id (uaibench datasets lists them).
	// Example: [mnist0, {id: mnist_pca, budget: 500}]
	Datasets []*Dataset `json:"datasets,omitempty" jsonschema:"minItems=1,maxItems=500" form:"needed" hint:"a list of ids; see uaibench datasets"`
	// Methods: ids, or mappings with an id (uaibench methods lists them).
	// Example: [dae_uai, {id: dae, params: {hidden: [64, 8]}}]
	Methods []*Method `json:"methods,omitempty" jsonschema:"minItems=1,maxItems=500" form:"needed" hint:"a list of ids; see uaibench methods"`
	// Audits in all: a number, anomalies (as many as the dataset has) or all (every row). Not
	// needed if nothing is audited or each dataset has its own budget.
	// Example: 1000
	Budget *Budget `json:"budget,omitempty" form:"axis"`
	// Audits a round: a number, or a rule by the dataset's number of anomalies. The default is from
	// Sec. 4.2.
	// Example: 10
	K *K `json:"k,omitempty" form:"axis" default:"{if_anomalies_below: 100, then: 3, else: 10}"`
	// Seeds of the runs: a list, or base, base+1, and so on.
	// Example: [1, 2, 3]
	Seeds *Seeds `json:"seeds,omitempty" form:"merge" default:"{base: 2019, count: 5}"`
	// A grid: every combination of the listed values is run. Keys: k, budget, a parameter (of each
	// method that has it), dae_uai.hidden (of one method), mnist0.keep (of one dataset),
	// dataset.keep (of each dataset that has it).
	// Example: {k: [3, 10], hidden: [[64, 8], [256, 64, 8]]}
	Sweep Sweep `json:"sweep,omitempty" jsonschema:"minItems=1,maxItems=1000" form:"merge"`
	// One change at a time from the default, which runs as well.
	// Example: [{params: {hidden: [64, 8]}}, {label: noisy expert, oracle: {miss: 0.1}}]
	Variants *Variants `json:"variants,omitempty"`
	// Limits of a cell.
	// Example: {timeout: 12h}
	Limits *Limits `json:"limits,omitempty" form:"merge"`
	// How often the expert errs.
	// Example: {miss: 0.1}
	Oracle *Oracle `json:"oracle,omitempty" form:"merge" default:"{miss: 0, alarm: 0}"`
	// Where the model is frozen and probed: numbers of audits, or {at, probe}.
	// Example: {at: [0, 250, 2000], probe: [latent_projection]}
	Checkpoints *Checkpoints `json:"checkpoints,omitempty" form:"merge"`
	// How methods are measured: pool, by audits on the whole dataset; or {split: half, train, …},
	// by what they flag on the other half (methods that do not learn from audits).
	// Example: {split: half, train: [clean, dirty]}
	Protocol []*Protocol `json:"protocol,omitempty" jsonschema:"minItems=1,maxItems=1000" form:"one" default:"pool"`
	// Seed of the datasets' random draws, shared by all runs; or each: every run has its own draw,
	// by the run's seed.
	// Example: each
	DataSeed *DataSeed `json:"data_seed,omitempty" default:"1"`
}

// Profile is a set of overrides of a spec, usually to make it smaller.
type Profile struct {
	Choices
	// Parameters for every method that has them, or, as dae_uai.noise, for one.
	// Example: {pretrain_steps: 200, dae_uai.noise: 0.2}
	Params Params `json:"params,omitempty" form:"merge"`
	// Parameters for every dataset that has them, or, as mnist0.keep, for one.
	// Example: {rows: 2000}
	DatasetParams Params `json:"dataset_params,omitempty" form:"merge"`
}

// Entry is what datasets and methods have in common.
type Entry struct {
	// Id in the catalogue.
	// Example: dae_uai
	ID string `json:"id" form:"short"`
	// Parameters that differ from their defaults.
	// Example: {hidden: [64, 8]}
	Params Params `json:"params,omitempty"`
	// Name in the report. Default: the catalogue's title. Entries with the same id need one each.
	// With id: file it is the table's column that marks anomalies, and the name is title; with id:
	// exec it is also the program's name in sweep and --set.
	// Example: narrow
	Label string `json:"label,omitempty" jsonschema:"minLength=1"`
}

// Dataset is a dataset of the catalogue, or a table of your own, with its parameters and settings
// for it only.
type Dataset struct {
	Entry
	OwnFile
	// Audits in all on this dataset, instead of the spec's budget.
	// Example: 500
	Budget *Budget `json:"budget,omitempty"`
	// Audits a round on this dataset, instead of the spec's k.
	// Example: 3
	K *K `json:"k,omitempty"`
	// Checkpoints on this dataset, instead of the spec's.
	// Example: [0, 100]
	Checkpoints *Checkpoints `json:"checkpoints,omitempty"`
	// Parameters of the methods on this dataset: for every method that has them, or, as
	// loda_aad.memory, for one.
	// Example: {loda_aad.memory: 1000}
	MethodParams Params `json:"method_params,omitempty"`
}

// Method is a method of the catalogue, or a program of your own, with its parameters.
type Method struct {
	Entry
	OwnProgram
	// How this method is measured, instead of the spec's protocol.
	// Example: pool
	Protocol []*Protocol `json:"protocol,omitempty" jsonschema:"minItems=1,maxItems=1000" form:"one"`
}

// Params are parameters by name; the catalogue knows their types.
type Params map[string]*node

// Sweep is a grid: the values of each axis.
type Sweep map[string][]*node

// Variants are changes to the rest of the spec, one at a time.
type Variants struct {
	// Whether the spec without any variant runs as well.
	// Example: false
	Default bool `json:"default,omitempty" default:"true"`
	// The variants.
	// Example: [{k: 3}, {k: 30}]
	List []*Variant `json:"list" jsonschema:"maxItems=1000" form:"short"`
}

// Variant is one change, of one thing or of several at once.
type Variant struct {
	// Name of the variant. Default: what it sets.
	// Example: noisy expert
	Label string `json:"label,omitempty" jsonschema:"minLength=1"`
	// Parameters for every method, or, as dae_uai.noise, for one. A method that lacks one is an
	// error unless only excludes it.
	// Example: {noise: 0.3}
	Params Params `json:"params,omitempty"`
	// Parameters for every dataset, or, as mnist0.keep, for one.
	// Example: {mnist0.keep: 0.05}
	DatasetParams Params `json:"dataset_params,omitempty"`
	// Audits a round.
	// Example: 3
	K *K `json:"k,omitempty"`
	// Audits in all.
	// Example: 500
	Budget *Budget `json:"budget,omitempty"`
	// How often the expert errs.
	// Example: {miss: 0.1}
	Oracle *Oracle `json:"oracle,omitempty"`
	// Ids of the methods, or datasets, that the variant is for. Default: all.
	// Example: [dae_uai]
	Only []string `json:"only,omitempty"`
}

// DataSeed is a seed, or each.
type DataSeed struct {
	Seed uint64 `json:"-" jsonschema:"minimum=0" form:"short"`
	Rule string `json:"-" jsonschema:"enum=each" form:"short"`
}

// of returns the seed of the datasets of a run.
func (d *DataSeed) of(run uint64) uint64 {
	if d.Rule == "each" {
		return run
	}
	return d.Seed
}

// Budget is a number of audits, or a rule.
type Budget struct {
	Audits int    `json:"-" jsonschema:"minimum=1" form:"short"`
	Rule   string `json:"-" jsonschema:"enum=anomalies,enum=all" form:"short"`
}

func (b *Budget) plan() bench.Budget { return bench.Budget{Audits: b.Audits, Rule: b.Rule} }

// K is a number of audits a round, or a rule by the dataset's number of anomalies.
type K struct {
	Audits int `json:"-" jsonschema:"minimum=1" form:"short"`
	// Number of anomalies below which then applies, and from which else applies.
	// Example: 100
	Below int `json:"if_anomalies_below" jsonschema:"minimum=1"`
	// Audits a round with fewer anomalies.
	// Example: 3
	Then int `json:"then" jsonschema:"minimum=1"`
	// Audits a round otherwise.
	// Example: 10
	Else int `json:"else" jsonschema:"minimum=1"`
}

func (k *K) plan() bench.K {
	return bench.K{Audits: k.Audits, Below: k.Below, Then: k.Then, Else: k.Else}
}

// Seeds are a list, or {base, count}.
type Seeds struct {
	List []uint64 `json:"-" jsonschema:"minimum=0,minItems=1,uniqueItems=true" form:"short"`
	// The first seed.
	// Example: 1
	Base uint64 `json:"base,omitempty" jsonschema:"minimum=0" default:"2019"`
	// How many seeds.
	// Example: 20
	Count int `json:"count,omitempty" jsonschema:"minimum=1" default:"5"`
}

// Limits of a cell.
type Limits struct {
	// Longest time that a cell may take. Default: none.
	// Example: 1h30m
	Timeout Duration `json:"timeout,omitempty"`
}

// Duration is a time above zero: 90s, 30m, 1h30m.
type Duration time.Duration

// Oracle is how often the expert errs.
type Oracle struct {
	// Probability that an anomaly is called normal. Default: 0.
	// Example: 0.1
	Miss *float64 `json:"miss,omitempty" jsonschema:"minimum=0,maximum=1"`
	// Probability that a normal row is called an anomaly. Default: 0.
	// Example: 0.01
	Alarm *float64 `json:"alarm,omitempty" jsonschema:"minimum=0,maximum=1"`
}

// Checkpoints are where the model is frozen, and what is kept of it there.
type Checkpoints struct {
	// Numbers of audits, ascending.
	// Example: [0, 250, 2000]
	At []int `json:"at,omitempty" jsonschema:"minimum=0,maxItems=1000,uniqueItems=true" form:"short,ascending"`
	// What is kept besides figures of the ranking: frozen_ranking (Figure 11: the audits, then all
	// other rows as the frozen model ranks them), test (Figure 4: what it flags of the dataset's
	// test set), latent_projection (Figures 9 and 10: how far a line separates the anomalies by l
	// and s), explain (which features drive the scores of the rows that it ranks next).
	// Example: [test]
	Probe []string `json:"probe,omitempty" alias:"look,tail=frozen_ranking,plane=latent_projection" jsonschema:"enum=frozen_ranking,enum=test,enum=latent_projection,enum=explain,uniqueItems=true"`
}

// Protocol is pool, or a split.
type Protocol struct {
	Word string `json:"-" jsonschema:"enum=pool" form:"short"`
	// half: a random half of the rows, drawn for each seed, trains; the other half tests.
	// Example: half
	Split string `json:"split" jsonschema:"enum=half"`
	// What the training half keeps of its anomalies: clean (none), contaminated (Table 3's share of
	// the training data), dirty (all) or a share of your own.
	// Example: [clean, {contamination: 0.05}]
	Train []*Train `json:"train" jsonschema:"minItems=1,maxItems=1000" form:"one"`
	// Which rows of the test half are flagged: ratio, the share with the highest scores; own, those
	// that the method flags itself (OC-SVM).
	// Example: own
	Flags string `json:"flags,omitempty" jsonschema:"enum=ratio,enum=own" default:"ratio"`
	// Share of the test half that is flagged. Default: the share of anomalies in the dataset, as
	// rounded in the paper.
	// Example: 0.2
	Ratio *float64 `json:"ratio,omitempty" jsonschema:"exclusiveMinimum=0,maximum=1"`
	// ceil, as in Table 3's own DAGMM rows; floor, as in its rows quoted from Zong et al.
	// Example: floor
	Round string `json:"round,omitempty" jsonschema:"enum=ceil,enum=floor" default:"ceil"`
	// Whether normal rows and anomalies are halved separately.
	// Example: false
	Stratify bool `json:"stratify,omitempty" default:"true"`
}

// Train is what a training half keeps of its anomalies: a word or a share.
type Train struct {
	Keep string `json:"-" jsonschema:"enum=clean,enum=contaminated,enum=dirty" form:"short"`
	// Anomalies are drawn until they are this share.
	// Example: 0.05
	Contamination float64 `json:"contamination" jsonschema:"minimum=0,maximum=1"`
	// What contamination is a share of: the training data (data), or the training half's anomalies
	// (anomalies).
	// Example: anomalies
	Of string `json:"of,omitempty" jsonschema:"enum=data,enum=anomalies" default:"data"`
}

// Report is what is shown.
type Report struct {
	// Plots, in order.
	// Example: [{kind: recall_curve, x_max: 500}]
	Plots []*Plot `json:"plots,omitempty" jsonschema:"uniqueItems=true" default:"[{kind: recall_curve}]"`
	// Tables, in order.
	// Example: [f1]
	Tables []string `json:"tables,omitempty" jsonschema:"enum=f1,enum=datasets,enum=assumptions,uniqueItems=true" default:"[f1, datasets, assumptions]"`
	// How methods are compared with each other. Default: every pair of them.
	// Example: {baseline: dae_uai}
	Compare *Compare `json:"compare,omitempty"`
}

// Compare is how methods are compared.
type Compare struct {
	// The method that every other one is compared with, by its id or label.
	// Example: dae_uai
	Baseline string `json:"baseline"`
}

// Plot is one plot of the report.
type Plot struct {
	// recall_curve: anomalies found against audits; recall_percent: the same in per cent, on one
	// scale for all datasets; from checkpoints' probes: test_recall (test), frozen_ranking,
	// latent_projection; round_work: the counted work of a round between checkpoints.
	// Example: recall_curve
	Kind string `json:"kind" alias:"guesses=frozen_ranking,latent_plane=latent_projection" jsonschema:"enum=recall_curve,enum=recall_percent,enum=test_recall,enum=frozen_ranking,enum=latent_projection,enum=round_work"`
	// End of the axis of audits, or of ranked rows. Default: the whole range.
	// Example: 500
	XMax int `json:"x_max,omitempty" jsonschema:"minimum=1"`
}

// Gate is how much worse a later run may be.
type Gate struct {
	// How far the mean of a group of seeds may fall; metrics left out have no limit. Without
	// max_drop, 0.02 each.
	// Example: {found: 0.02}
	MaxDrop *MaxDrop `json:"max_drop"`
}

// MaxDrop is how far means may fall.
type MaxDrop struct {
	// Anomalies found within the budget, as a share of all anomalies.
	// Example: 0.02
	Found *float64 `json:"found,omitempty" jsonschema:"minimum=0,maximum=1"`
	// F1 at as many audits as there are anomalies.
	// Example: 0.02
	F1 *float64 `json:"f1,omitempty" jsonschema:"minimum=0,maximum=1"`
	// Area under the curve of found anomalies, as a share of the ideal curve's.
	// Example: 0.02
	Area *float64 `json:"area,omitempty" jsonschema:"minimum=0,maximum=1"`
	// F1 of what is flagged on the other half of a split dataset.
	// Example: 0.02
	SplitF1 *float64 `json:"split_f1,omitempty" jsonschema:"minimum=0,maximum=1"`
}

// The names that run directories use for words of the language, where they differ.
var (
	probesOnDisk = map[string]string{"frozen_ranking": bench.ProbeRanking,
		"latent_projection": bench.ProbeProjection}
	plotsOnDisk = map[string]string{"frozen_ranking": "guesses",
		"latent_projection": "latent_plane"}
)
