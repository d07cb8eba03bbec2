package spec

import (
	"time"

	"github.com/uaibench/uaibench/bench"
)

// The types of this file are the language: from them come the decoder, its messages and defaults, the JSON Schema
// (Schema) and `uaibench help spec` (Help). Comments are the descriptions that users read. Tags are those of package
// invopop/jsonschema, and:
//
//	default  what holds where the key is left out, as YAML
//	example  a value, as YAML
//	alias    former names that are still read: of the key, and, as old=new, of its words
//	form     short: the value stands for the whole mapping where none is written (mnist0 is {id: mnist0})
//	         one: a value that is no list is a list of one
//	         merge: a later layer changes the keys that it has, and leaves the others
//	         axis: sweep may list several values
//	         ascending: a list's values rise
//	         needed: the file has it, though a profile need not

// Spec is an experiment: which methods run on which datasets, how often, and what is shown.
type Spec struct {
	// Version of the language.
	Version int `json:"version" example:"1"`
	// Name of the run directory: letters, digits, - _ and ., beginning and ending with a letter or a digit.
	Name string `json:"name" jsonschema:"maxLength=100,pattern=^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$" example:"widths"`
	// Title of the report.
	Title string `json:"title,omitempty" example:"\"Figure 3: MNIST\""`
	Choices
	// Named sets of overrides, for --profile.
	Profiles map[string]*Profile `json:"profiles,omitempty" jsonschema:"maxItems=20" example:"{smoke: {budget: 60, params: {pretrain_steps: 200}}}"`
	// What the report shows.
	Report *Report `json:"report,omitempty" default:"{plots: [{kind: recall_curve}], tables: [f1, datasets, assumptions]}" example:"{tables: [f1]}"`
	// What uaibench compare --gate lets pass between two runs, unless its flags say otherwise.
	Gate *Gate `json:"gate,omitempty" example:"{max_drop: {found: 0.02}}"`
}

// Choices are what a profile and --set can change as well.
type Choices struct {
	// Datasets: ids, or mappings with an id (uaibench datasets lists them).
	Datasets []*Dataset `json:"datasets,omitempty" jsonschema:"minItems=1,maxItems=500" form:"needed" example:"[mnist0, {id: mnist_pca, budget: 500}]"`
	// Methods: ids, or mappings with an id (uaibench methods lists them).
	Methods []*Method `json:"methods,omitempty" jsonschema:"minItems=1,maxItems=500" form:"needed" example:"[dae_uai, {id: dae, params: {hidden: [64, 8]}}]"`
	// Audits in all: a number, anomalies (as many as the dataset has) or all (every row). Not needed where nothing is audited, or each dataset has its own.
	Budget *Budget `json:"budget,omitempty" form:"axis" example:"1000"`
	// Audits a round: a number, or a rule by the dataset's number of anomalies. The default is that of Sec. 4.2.
	K *K `json:"k,omitempty" form:"axis" default:"{if_anomalies_below: 100, then: 3, else: 10}" example:"10"`
	// Seeds of the runs: a list, or base, base+1, and so on.
	Seeds *Seeds `json:"seeds,omitempty" form:"merge" default:"{base: 2019, count: 5}" example:"[1, 2, 3]"`
	// A grid: every combination of the listed values is run. Keys: k, budget, a parameter (of each method that has it), dae_uai.hidden (of one method), mnist0.keep (of one dataset), dataset.keep (of each dataset that has it).
	Sweep Sweep `json:"sweep,omitempty" jsonschema:"minItems=1,maxItems=1000" form:"merge" example:"{k: [3, 10], hidden: [[64, 8], [256, 64, 8]]}"`
	// One change at a time from the default, which runs as well.
	Variants *Variants `json:"variants,omitempty" example:"[{params: {hidden: [64, 8]}}, {label: noisy expert, oracle: {miss: 0.1}}]"`
	// Limits of a cell.
	Limits *Limits `json:"limits,omitempty" form:"merge" example:"{timeout: 12h}"`
	// How often the expert errs.
	Oracle *Oracle `json:"oracle,omitempty" form:"merge" default:"{miss: 0, alarm: 0}" example:"{miss: 0.1}"`
	// Where the model is frozen and probed: numbers of audits, or {at, probe}.
	Checkpoints *Checkpoints `json:"checkpoints,omitempty" form:"merge" example:"{at: [0, 250, 2000], probe: [latent_projection]}"`
	// An approximation for the largest pools: between full passes only the best rows are scored.
	Candidates *Candidates `json:"candidates,omitempty" form:"merge" default:"{rows: 0, every: 10}" example:"{rows: 20000}"`
	// How methods are measured: pool, by audits on the whole dataset; or {split: half, train, …}, by what they flag on the other half (methods that do not learn from audits).
	Protocol []*Protocol `json:"protocol,omitempty" jsonschema:"minItems=1,maxItems=1000" form:"one" default:"pool" example:"{split: half, train: [clean, dirty]}"`
	// Seed of the draws that belong to the datasets, shared by all runs.
	DataSeed *uint64 `json:"data_seed,omitempty" jsonschema:"minimum=0" default:"1" example:"2"`
}

// Profile overrides a spec, usually to make it smaller.
type Profile struct {
	Choices
	// Parameters for every method that has them, or, as dae_uai.noise, for one.
	Params Params `json:"params,omitempty" form:"merge" example:"{pretrain_steps: 200, dae_uai.noise: 0.2}"`
	// Parameters for every dataset that has them, or, as mnist0.keep, for one.
	DatasetParams Params `json:"dataset_params,omitempty" form:"merge" example:"{rows: 2000}"`
}

// Entry is what datasets and methods have in common.
type Entry struct {
	// Id in the catalogue.
	ID string `json:"id" form:"short" example:"dae_uai"`
	// Parameters that differ from their defaults.
	Params Params `json:"params,omitempty" example:"{hidden: [64, 8]}"`
	// Name in the report. Default: the catalogue's title. Entries of one id need one each.
	Label string `json:"label,omitempty" jsonschema:"minLength=1" example:"narrow"`
}

// Dataset is a dataset of the catalogue with its parameters, and what holds on it alone.
type Dataset struct {
	Entry
	// Audits in all on this dataset, in place of the spec's budget.
	Budget *Budget `json:"budget,omitempty" example:"500"`
	// Audits a round on this dataset, in place of the spec's k.
	K *K `json:"k,omitempty" example:"3"`
	// Checkpoints on this dataset, in place of the spec's.
	Checkpoints *Checkpoints `json:"checkpoints,omitempty" example:"[0, 100]"`
	// Parameters of the methods on this dataset: for every method that has them, or, as loda_aad.memory, for one.
	MethodParams Params `json:"method_params,omitempty" example:"{loda_aad.memory: 1000}"`
}

// Method is a method of the catalogue with its parameters.
type Method struct {
	Entry
	// How this method is measured, in place of the spec's protocol.
	Protocol []*Protocol `json:"protocol,omitempty" jsonschema:"minItems=1,maxItems=1000" form:"one" example:"pool"`
}

// Params are parameters by name; the catalogue knows their types.
type Params map[string]*node

// Sweep is a grid: the values of each axis.
type Sweep map[string][]*node

// Variants are changes one at a time from what the rest of the spec says.
type Variants struct {
	// Whether what the spec says without any variant runs as well.
	Default bool `json:"default,omitempty" default:"true" example:"false"`
	// The variants.
	List []*Variant `json:"list" jsonschema:"maxItems=1000" form:"short" example:"[{k: 3}, {k: 30}]"`
}

// Variant is one change, of one thing or of several at once.
type Variant struct {
	// Name of the variant. Default: what it sets.
	Label string `json:"label,omitempty" jsonschema:"minLength=1" example:"noisy expert"`
	// Parameters for every method, or, as dae_uai.noise, for one. A method that lacks one is an error, unless only leaves it out.
	Params Params `json:"params,omitempty" example:"{noise: 0.3}"`
	// Parameters for every dataset, or, as mnist0.keep, for one.
	DatasetParams Params `json:"dataset_params,omitempty" example:"{mnist0.keep: 0.05}"`
	// Audits a round.
	K *K `json:"k,omitempty" example:"3"`
	// Audits in all.
	Budget *Budget `json:"budget,omitempty" example:"500"`
	// How often the expert errs.
	Oracle *Oracle `json:"oracle,omitempty" example:"{miss: 0.1}"`
	// Ids of the methods, or datasets, that the variant is for. Default: all.
	Only []string `json:"only,omitempty" example:"[dae_uai]"`
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
	// Number of anomalies below which then holds, and from which else does.
	Below int `json:"if_anomalies_below" jsonschema:"minimum=1" example:"100"`
	// Audits a round, for few anomalies.
	Then int `json:"then" jsonschema:"minimum=1" example:"3"`
	// Audits a round, for others.
	Else int `json:"else" jsonschema:"minimum=1" example:"10"`
}

func (k *K) plan() bench.K {
	return bench.K{Audits: k.Audits, Below: k.Below, Then: k.Then, Else: k.Else}
}

// Seeds are a list, or {base, count}.
type Seeds struct {
	List []uint64 `json:"-" jsonschema:"minimum=0,minItems=1,uniqueItems=true" form:"short"`
	// The first seed.
	Base uint64 `json:"base,omitempty" jsonschema:"minimum=0" default:"2019" example:"1"`
	// How many seeds.
	Count int `json:"count,omitempty" jsonschema:"minimum=1" default:"5" example:"20"`
}

// Limits of a cell.
type Limits struct {
	// Longest time that a cell may take. Default: none.
	Timeout Duration `json:"timeout,omitempty" example:"1h30m"`
}

// Duration is a time above zero: 90s, 30m, 1h30m.
type Duration time.Duration

// Oracle says how often the expert errs.
type Oracle struct {
	// Probability that an anomaly is called normal. Default: 0.
	Miss *float64 `json:"miss,omitempty" jsonschema:"minimum=0,maximum=1" example:"0.1"`
	// Probability that a normal row is called an anomaly. Default: 0.
	Alarm *float64 `json:"alarm,omitempty" jsonschema:"minimum=0,maximum=1" example:"0.01"`
}

// Checkpoints say where the model is frozen, and what is kept of it there.
type Checkpoints struct {
	// Numbers of audits, ascending.
	At []int `json:"at,omitempty" jsonschema:"minimum=0,maxItems=1000,uniqueItems=true" form:"short,ascending" example:"[0, 250, 2000]"`
	// What is kept beside figures of the ranking: frozen_ranking (Figure 11: the audits, then all other rows as the frozen model ranks them), test (Figure 4: what it flags of the dataset's test set), latent_projection (Figures 9 and 10: how far a line separates the anomalies by l and s), explain (which features drive the scores of the rows that it ranks next).
	Probe []string `json:"probe,omitempty" alias:"look,tail=frozen_ranking,plane=latent_projection" jsonschema:"enum=frozen_ranking,enum=test,enum=latent_projection,enum=explain,uniqueItems=true" example:"[test]"`
}

// Candidates bound what a round scores.
type Candidates struct {
	// How many of the best rows of the last full pass are scored in the rounds between; 0: all rows, exactly.
	Rows int `json:"rows,omitempty" jsonschema:"minimum=0" default:"0" example:"20000"`
	// A full pass every this many rounds.
	Every int `json:"every,omitempty" jsonschema:"minimum=1" default:"10" example:"20"`
}

// Protocol is pool, or a split.
type Protocol struct {
	Word string `json:"-" jsonschema:"enum=pool" form:"short"`
	// half: half of the rows, at random for each seed, train; the others test.
	Split string `json:"split" jsonschema:"enum=half" example:"half"`
	// What the training half keeps of its anomalies: clean (none), contaminated (Table 3's share of the training data), dirty (all) or a share of one's own.
	Train []*Train `json:"train" jsonschema:"minItems=1,maxItems=1000" form:"one" example:"[clean, {contamination: 0.05}]"`
	// Which rows of the test half are flagged: ratio, a share of the highest scores; own, those that the method flags itself (OC-SVM).
	Flags string `json:"flags,omitempty" jsonschema:"enum=ratio,enum=own" default:"ratio" example:"own"`
	// Share of the test half that is flagged. Default: that of anomalies in the dataset, as the paper rounds it.
	Ratio *float64 `json:"ratio,omitempty" jsonschema:"exclusiveMinimum=0,maximum=1" example:"0.2"`
	// ceil, as Table 3's own DAGMM rows; floor, as the rows that it quotes from Zong et al.
	Round string `json:"round,omitempty" jsonschema:"enum=ceil,enum=floor" default:"ceil" example:"floor"`
	// Whether normal rows and anomalies are halved each by themselves.
	Stratify bool `json:"stratify,omitempty" default:"true" example:"false"`
}

// Train is what a training half keeps of its anomalies: a word or a share.
type Train struct {
	Keep string `json:"-" jsonschema:"enum=clean,enum=contaminated,enum=dirty" form:"short"`
	// Anomalies are drawn until they are this share.
	Contamination float64 `json:"contamination" jsonschema:"minimum=0,maximum=1" example:"0.05"`
	// What contamination is a share of: the training data (data), or the training half's anomalies (anomalies).
	Of string `json:"of,omitempty" jsonschema:"enum=data,enum=anomalies" default:"data" example:"anomalies"`
}

// Report says what is shown.
type Report struct {
	// Plots, in order.
	Plots []*Plot `json:"plots,omitempty" jsonschema:"uniqueItems=true" default:"[{kind: recall_curve}]" example:"[{kind: recall_curve, x_max: 500}]"`
	// Tables, in order.
	Tables []string `json:"tables,omitempty" jsonschema:"enum=f1,enum=datasets,enum=assumptions,uniqueItems=true" default:"[f1, datasets, assumptions]" example:"[f1]"`
}

// Plot asks for a plot.
type Plot struct {
	// recall_curve: anomalies found against audits; of what checkpoints probe: test_recall (test), frozen_ranking, latent_projection; round_work: the counted work of a round between checkpoints.
	Kind string `json:"kind" alias:"guesses=frozen_ranking,latent_plane=latent_projection" jsonschema:"enum=recall_curve,enum=test_recall,enum=frozen_ranking,enum=latent_projection,enum=round_work" example:"recall_curve"`
	// Where the axis of audits, or of ranked rows, ends. Default: the whole range.
	XMax int `json:"x_max,omitempty" jsonschema:"minimum=1" example:"500"`
}

// Gate says how much worse a later run may be.
type Gate struct {
	// How far the mean of a group of seeds may fall. What is left out has no limit. Without max_drop: 0.02 each.
	MaxDrop *MaxDrop `json:"max_drop" example:"{found: 0.02}"`
}

// MaxDrop is how far means may fall.
type MaxDrop struct {
	// Anomalies found within the budget, as a share of all there are.
	Found *float64 `json:"found,omitempty" jsonschema:"minimum=0,maximum=1" example:"0.02"`
	// F1 at as many audits as there are anomalies.
	F1 *float64 `json:"f1,omitempty" jsonschema:"minimum=0,maximum=1" example:"0.02"`
	// Area under the curve of found anomalies, as a share of the ideal one's.
	Area *float64 `json:"area,omitempty" jsonschema:"minimum=0,maximum=1" example:"0.02"`
	// F1 of what is flagged on the other half of a split dataset.
	SplitF1 *float64 `json:"split_f1,omitempty" jsonschema:"minimum=0,maximum=1" example:"0.02"`
}

// What run directories call the words of the language where that differs.
var (
	probesOnDisk = map[string]string{"frozen_ranking": bench.LookTail, "latent_projection": bench.LookPlane}
	plotsOnDisk  = map[string]string{"frozen_ranking": "guesses", "latent_projection": "latent_plane"}
)
