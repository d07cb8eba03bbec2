package spec

import (
	"time"

	"github.com/uaibench/uaibench/bench"
)

// The types of this file are the language. Their comments are the descriptions of the JSON Schema
// that editors show, so they speak to whoever writes a spec.

// Spec is an experiment: which methods run on which datasets, how often, and what is shown.
type Spec struct {
	// Version of the language: 1.
	Version int `json:"version"`
	// Name of the run directory: letters, digits, - _ and ., beginning and ending with a letter or a digit.
	Name string `json:"name"`
	// Title of the report.
	Title string `json:"title,omitempty"`
	Choices
	// Named sets of overrides, for --profile.
	Profiles map[string]*Profile `json:"profiles,omitempty"`
	// What the report shows. Default: one recall curve, and the tables f1, datasets and assumptions.
	Report *Report `json:"report,omitempty"`
	// What uaibench compare --gate lets pass between two runs, unless its flags say otherwise.
	Gate *Gate `json:"gate,omitempty"`
}

// Choices are what a profile and --set can change as well.
type Choices struct {
	// Datasets: ids, or {id, params, label, budget, k, checkpoints, method_params}.
	Datasets []*Dataset `json:"datasets,omitempty"`
	// Methods: ids, or {id, params, label, protocol}.
	Methods []*Method `json:"methods,omitempty"`
	// Audits in all: a number, anomalies (as many as the dataset has) or all (every row).
	Budget *Budget `json:"budget,omitempty"`
	// Audits a round: a number, or a rule. Default, as in Sec. 4.2: 3 if the dataset has fewer than 100 anomalies, else 10.
	K *K `json:"k,omitempty"`
	// Seeds of the runs: {base, count} for base, base+1, …, or a list. Default: {base: 2019, count: 5}.
	Seeds *Seeds `json:"seeds,omitempty"`
	// A grid: every combination of the listed values is run. Keys: k, budget, a parameter (of each method that has it), dae_uai.hidden (of one method), mnist0.keep (of one dataset), dataset.keep (of each dataset that has it).
	Sweep Sweep `json:"sweep,omitempty"`
	// One change at a time from the default, which runs as well: a list of {label, params, dataset_params, k, budget, oracle, only}, or {default: false, list} to leave the default out.
	Variants *Variants `json:"variants,omitempty"`
	// Limits of a cell.
	Limits *Limits `json:"limits,omitempty"`
	// How often the expert errs. Default: never.
	Oracle *Oracle `json:"oracle,omitempty"`
	// Where the model is frozen and looked at: a list of numbers of audits, ascending, or {at, look}.
	Checkpoints *Checkpoints `json:"checkpoints,omitempty"`
	// How methods are measured: pool, by audits on the whole dataset; or {split: half, train, …}, by what they flag on the other half (methods that do not learn alone); or a list of these. Default: pool.
	Protocol Protocols `json:"protocol,omitempty"`
	// Seed of the draws that belong to the datasets, shared by all runs. Default: 1.
	DataSeed *Seed `json:"data_seed,omitempty"`
}

// Profile overrides a spec, usually to make it smaller.
type Profile struct {
	Choices
	// Parameters for every method that has them, or, as dae_uai.noise, for one.
	Params Params `json:"params,omitempty"`
	// Parameters for every dataset that has them, or, as mnist0.keep, for one.
	DatasetParams Params `json:"dataset_params,omitempty"`
}

// Dataset is a dataset of the catalogue (uaibench datasets) with its parameters, and what holds on it alone.
type Dataset struct {
	// Id in the catalogue.
	ID string `json:"id"`
	// Parameters that differ from their defaults.
	Params Params `json:"params,omitempty"`
	// Name in the report. Default: the dataset's title. Entries of one dataset need one each.
	Label string `json:"label,omitempty"`
	// Audits in all on this dataset, in place of the spec's budget.
	Budget *Budget `json:"budget,omitempty"`
	// Audits a round on this dataset, in place of the spec's k.
	K *K `json:"k,omitempty"`
	// Checkpoints on this dataset, in place of the spec's.
	Checkpoints *Checkpoints `json:"checkpoints,omitempty"`
	// Parameters of the methods on this dataset: for every method that has them, or, as loda_aad.memory, for one.
	MethodParams Params `json:"method_params,omitempty"`
}

// Method is a method of the catalogue (uaibench methods) with its parameters.
type Method struct {
	// Id in the catalogue.
	ID string `json:"id"`
	// Parameters that differ from their defaults.
	Params Params `json:"params,omitempty"`
	// Name of the curve. Default: the method's title. Entries of one method need one each.
	Label string `json:"label,omitempty"`
	// How this method is measured, in place of the spec's protocol.
	Protocol Protocols `json:"protocol,omitempty"`
}

// Params are parameters by name; the catalogue knows their types.
type Params map[string]*node

// Sweep is a grid: the values of each axis.
type Sweep map[string][]*node

// Variants are a list, or {default, list}.
type Variants struct {
	Some
}

// Some are variants with or without the default.
type Some struct {
	// Whether what the spec says without any variant runs as well. Default: true.
	Default *YesNo `json:"default,omitempty"`
	// The variants.
	List []*Variant `json:"list"`
}

// Variant is one change, of one thing or of several at once.
type Variant struct {
	// Name of the variant. Default: what it sets.
	Label string `json:"label,omitempty"`
	// Parameters for every method, or, as dae_uai.noise, for one. A method that lacks one is an error, unless only leaves it out.
	Params Params `json:"params,omitempty"`
	// Parameters for every dataset, or, as mnist0.keep, for one.
	DatasetParams Params `json:"dataset_params,omitempty"`
	// Audits a round.
	K *K `json:"k,omitempty"`
	// Audits in all.
	Budget *Budget `json:"budget,omitempty"`
	// How often the expert errs.
	Oracle *Oracle `json:"oracle,omitempty"`
	// Ids of the methods, or datasets, that the variant is for. Default: all.
	Only []string `json:"only,omitempty"`
}

// Budget is a number of audits, "anomalies" or "all".
type Budget struct{ bench.Budget }

// K is a number of audits a round, or {if_anomalies_below, then, else}.
type K struct{ bench.K }

// KRule chooses k by the dataset's number of anomalies.
type KRule struct {
	// If the dataset has fewer anomalies than this …
	Below int `json:"if_anomalies_below" jsonschema:"minimum=1"`
	// … so many audits a round …
	Then int `json:"then" jsonschema:"minimum=1"`
	// … else so many.
	Else int `json:"else" jsonschema:"minimum=1"`
}

// Seed of a random generator.
type Seed uint64

// Seeds are a list, or {base, count}.
type Seeds struct {
	List []Seed
	Range
}

// Range of seeds: base, base+1, …, count of them.
type Range struct {
	// The first seed. Default: 2019.
	Base *Seed `json:"base,omitempty"`
	// How many seeds. Default: 5.
	Count *int `json:"count,omitempty" jsonschema:"minimum=1"`
}

// Limits of a cell.
type Limits struct {
	// Longest time that a cell may take, such as 30m or 1h30m. Default: none.
	Timeout *Duration `json:"timeout,omitempty"`
}

// Duration is written 90s, 30m, 1h30m.
type Duration time.Duration

// Oracle says how often the expert errs.
type Oracle struct {
	// Probability that an anomaly is called normal.
	Miss *Probability `json:"miss,omitempty"`
	// Probability that a normal row is called an anomaly.
	Alarm *Probability `json:"alarm,omitempty"`
}

// Probability is in [0, 1].
type Probability float64

// Checkpoints say where the model is frozen, and what is kept of it there.
type Checkpoints struct {
	// Numbers of audits, ascending.
	At []int `json:"at,omitempty"`
	// What is looked at: tail (Figure 11: the audits, then all other rows as the frozen model ranks them), test (Figure 4: what it flags of the dataset's test set), plane (Figures 9 and 10: how far a line separates the anomalies by l and s), explain (which features drive the scores of the rows that the frozen model ranks next). Ranking figures are kept in any case.
	Look []Look `json:"look,omitempty"`
}

// Look is a way of looking at a frozen model.
type Look string

// Protocols are one, or a list.
type Protocols []*Protocol

// Protocol is pool, or a split.
type Protocol struct {
	// half: half of the rows, at random for each seed, train; the others test.
	Split Halving `json:"split"`
	// What the training half keeps of its anomalies: clean (none), dirty (all), contaminated (Table 3's share of the training data) or {contamination: share}; or a list of these.
	Train Trains `json:"train"`
	// Which rows of the test half are flagged: ratio, so many of the highest scores; own, those that the method flags itself (OC-SVM). Default: ratio.
	Flags FlagRule `json:"flags,omitempty"`
	// Share of the test half that is flagged. Default: that of anomalies in the dataset, as the paper rounds it.
	Ratio *Probability `json:"ratio,omitempty"`
	// ceil, as Table 3's own DAGMM rows; floor, as the rows that it quotes from Zong et al. Default: ceil.
	Round Rounding `json:"round,omitempty"`
	// Whether normal rows and anomalies are halved each by themselves. Default: true.
	Stratify *YesNo `json:"stratify,omitempty"`
}

// Halving is a way to split.
type Halving string

// FlagRule says which rows are flagged.
type FlagRule string

// Rounding of the number of flagged rows.
type Rounding string

// YesNo is true or false.
type YesNo bool

// Trains are what training halves keep, one or a list.
type Trains []Train

// Train is what a training half keeps: a word or a share.
type Train struct {
	Keep string
	Mix
}

// Mix is a contamination by number.
type Mix struct {
	// Anomalies are drawn until they are this share …
	Contamination Probability `json:"contamination"`
	// … of the training data (data), or of the training half's anomalies (anomalies). Default: data.
	Of ShareOf `json:"of,omitempty"`
}

// ShareOf says what a contamination is a share of.
type ShareOf string

// Report says what is shown.
type Report struct {
	// Plots, in order.
	Plots []*Plot `json:"plots,omitempty"`
	// Tables, in order: f1, datasets, assumptions.
	Tables []Table `json:"tables,omitempty"`
}

// Gate says how much worse a later run may be.
type Gate struct {
	// How far the mean of a group of seeds may fall. What is left out has no limit. Default, without max_drop: 0.02 each.
	MaxDrop *MaxDrop `json:"max_drop"`
}

// MaxDrop is how far means may fall.
type MaxDrop struct {
	// Anomalies found within the budget, as a share of all there are.
	Found *Probability `json:"found,omitempty"`
	// F1 at as many audits as there are anomalies.
	F1 *Probability `json:"f1,omitempty"`
	// Area under the curve of found anomalies, of the ideal one's.
	Area *Probability `json:"area,omitempty"`
	// F1 of what is flagged on the other half of a split dataset.
	SplitF1 *Probability `json:"split_f1,omitempty"`
}

// Plot asks for a plot.
type Plot struct {
	// Kind of plot: recall_curve, anomalies found against audits; and of checkpoints' looks: test_recall (test), guesses (tail), latent_plane (plane). round_work is the counted work of a round between checkpoints.
	Kind PlotKind `json:"kind"`
	// Where the axis of audits, or of guesses, ends. Default: the whole range.
	XMax *int `json:"x_max,omitempty" jsonschema:"minimum=1"`
}

// PlotKind is a kind of plot.
type PlotKind string

// Table is a kind of table.
type Table string

// What the words of the language may be.
var (
	budgetRules = []string{"anomalies", "all"}
	protocols   = []string{"pool"}
	halvings    = []string{"half"}
	trains      = []string{bench.TrainClean, bench.TrainContaminated, bench.TrainDirty}
	flagRules   = []string{"ratio", flagsOwn}
	roundings   = []string{bench.RoundUp, bench.RoundDown}
	sharesOf    = []string{"data", bench.OfAnomalies}
	plotKinds   = []string{"recall_curve", "test_recall", "guesses", planePlot, "round_work"}
	looks       = []string{bench.LookTail, bench.LookTest, bench.LookPlane, bench.LookExplain}
	tableKinds  = []string{"f1", "datasets", "assumptions"}
)

const planePlot = "latent_plane"

// Defaults that the types' comments name.
const (
	defaultBase     = 2019
	defaultCount    = 5
	defaultDataSeed = 1
	flagsOwn        = "own"
)

var defaultK = bench.K{Below: 100, Then: 3, Else: 10} // Sec. 4.2
