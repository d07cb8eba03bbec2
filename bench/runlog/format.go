// Package runlog is the run directory: its format, atomic writing, reading, digests and
// provenance.
//
//	runs/<name>/plan.json                  the resolved spec (bench.Plan) and its digest
//	runs/<name>/local.json                 where on this machine the user's own files lie; in no pack
//	runs/<name>/env.json                   where and with what it ran (Env); one entry an invocation
//	runs/<name>/cells/<id>/result.json     Result: what a cell's digest covers …
//	runs/<name>/cells/<id>/queries.jsonl   … with Query, one a line: the audit log
//	runs/<name>/cells/<id>/status.json     Status: state, times, host, attempts, error; never digested
//	runs/<name>/cells/.snapshot-<id>       a cell in the middle of its work (Snapshot), until it is done
//
// A cell's folder is written under a temporary name, synced and renamed: it is there whole or not
// at all. A cell that failed or timed out leaves status.json alone.
//
// # Packs and slim cells
//
// A pack (Pack) is a run in one file: a gzipped tar of plan.json, env.json and the planned cells
// that are there. Tar makes a run directory of it, and all that reads a run directory reads a pack.
//
// A slim cell, in a pack or in a directory, keeps no scores: some 3 bytes an audit in place of 20.
// In place of result.json and queries.jsonl it has
//
//	cells/<id>/result.slim.json   result.json with found and full null
//	cells/<id>/audits.slim        what found, full and the log but for its scores follow from
//
// while status.json is the whole cell's, with the SHA-256 of both whole files and the cell's digest.
// The result is put together again to the byte, so its SHA-256 holds; the log's is that of a file
// which is not there, and what a second run of the cell is held to. All numbers of audits.slim are
// little endian or unsigned varints:
//
//	8 bytes        "uaislim1"
//	32 bytes       the SHA-256 of all that follows
//	varint         n, the number of audits
//	1 byte         w, the bytes of a row's number, 1 to 4
//	w x n bytes    the lowest bytes of all rows, then the next ones, …
//	n bits         the truth, the first audit in the lowest bit; filled up to a byte with zeros
//	n bits         whether the oracle's answer is not the truth; likewise
//	varint, varints   number and lengths of the runs of audits by one head: base, trained, base, …
//	varint         0 where full is null, else 1 more than its places past those found
//	varints        these places, each as the difference from the one before
//
// A cell without audits, and one that could not be had back so, stays whole in a slim pack.
package runlog

import (
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
)

// FormatVersion of the run directory.
const FormatVersion = 1

// Result is result.json: all that a cell measured. It holds no time, host or path.
type Result struct {
	Format    int        `json:"format"`
	ID        string     `json:"id"`
	Cell      bench.Cell `json:"cell"`
	Rows      int        `json:"rows"`      // n
	Features  int        `json:"features"`  // d
	Classes   int        `json:"classes"`   // C; 0: none
	Anomalies int        `json:"anomalies"` // N
	Budget    int        `json:"budget"`    // b, resolved
	K         int        `json:"k"`         // resolved

	Audited      int                `json:"audited"`       // b, or fewer where the run stopped early
	StoppedEarly bool               `json:"stopped_early"` // every anomaly was found: the curve goes on flat
	Found        metric.RecallCurve `json:"found"`         // by truth, within the audits

	// Full is the found curve of the whole ranking of a static method, budget or no budget. It
	// cannot be replayed from the audit log, which ends at the budget. nil for methods that learn.
	Full metric.RecallCurve `json:"full,omitempty"`

	Metrics     Metrics          `json:"metrics"`
	Unlabelled  *RankMetrics     `json:"unlabelled,omitempty"` // of the scores of all rows before the first label; not replayable
	Checkpoints []Checkpoint     `json:"checkpoints,omitempty"`
	Counts      map[string]int64 `json:"counts,omitempty"` // work, counted

	Program *bench.ProgramSays `json:"program,omitempty"` // of a program of the user's own

	// Split is what a cell with a holdout split measured. Such a cell audits nothing: what
	// belongs to audits is zero, and n and N are those of both halves, without what was taken out.
	// nil: the cell has a pool.
	Holdout *Holdout `json:"split,omitempty"`
}

// Metrics follow from Found, N and the budget alone (experiments/methods.md).
type Metrics struct {
	AtAnomalies *metric.PRF `json:"at_n,omitempty"` // flagged = the first N audits; nil where the budget is below N
	Area        float64     `json:"area"`           // under found/N up to the budget, of the ideal list's
}

// RankMetrics of the scores of all n rows; nil where undefined (no anomalies).
type RankMetrics struct {
	ROCAUC           *float64 `json:"roc_auc,omitempty"`
	AveragePrecision *float64 `json:"average_precision,omitempty"`
}

// Checkpoint is what the frozen model shows after some audits.
type Checkpoint struct {
	At      int         `json:"at"`      // as asked for
	Audited int         `json:"audited"` // as it was
	Head    string      `json:"head"`    // "base" before the first label and for methods that do not learn, else "trained"
	Ranks   RankMetrics `json:"ranks"`   // of that score over all n rows

	// The probes that the spec asks for; nil: it does not. A method that does not learn is probed
	// at its first checkpoint alone: what it shows later is the same.
	Ranking    *FrozenRanking    `json:"tail,omitempty"`
	Test       *TestProbe        `json:"test,omitempty"`
	Projection *LatentProjection `json:"plane,omitempty"`

	Explanations []Explanation `json:"explanations,omitempty"` // of the first rows that the frozen model ranks next, in that order

	// Counts are the work counted until then, with the training that ends here and without these
	// probes: what a round costs is the difference of two.
	Counts map[string]int64 `json:"counts,omitempty"`
}

// Audit is one audit, a line of queries.jsonl.
type Audit struct {
	Number int     `json:"i"`     // 1-based place in the audit list
	Call   int     `json:"call"`  // 1-based round
	Rank   int     `json:"rank"`  // 1-based, within the round
	Row    int     `json:"row"`   // 0-based
	Score  float64 `json:"score"` // that chose it; NaN: of a slim cell, which keeps none
	Head   string  `json:"head"`  // "base" or "trained"
	Label  bool    `json:"label"` // the oracle's answer
	Truth  bool    `json:"truth"`
	Found  int     `json:"found"` // anomalies so far, by truth
}

// State of a cell.
type State string

const (
	Planned  State = "planned" // nothing on disk
	Running  State = "running"
	Done     State = "done"
	Failed   State = "failed"
	TimedOut State = "timed out"
)

// Status is status.json.
type Status struct {
	State    State             `json:"state"`
	Digest   string            `json:"digest,omitempty"` // CellDigest of result.json and queries.jsonl; Done only
	Files    map[string]string `json:"files,omitempty"`  // the SHA-256 of each, to tell which one changed
	Attempts []Attempt         `json:"attempts"`         // oldest first; the last one gave State
	Seal     string            `json:"seal,omitempty"`   // the SHA-256 of all of the above
}

// Attempt is one try at a cell.
type Attempt struct {
	State   State     `json:"state"`
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"` // from when its dataset was there; of a resumed one, with those until the snapshot
	Host    string    `json:"host"`
	Kernel  string    `json:"kernel"`
	Commit  string    `json:"commit,omitempty"`
	Seed    uint64    `json:"seed"`
	Error   string    `json:"error,omitempty"`
	Stack   string    `json:"stack,omitempty"`   // of a panic
	NoData  bool      `json:"no_data,omitempty"` // its dataset could not be built: the cell is tried again at the next run
	// Limit is the time limit that it reached, in ns; 0: none was, or an earlier version wrote this.
	Limit   time.Duration `json:"limit,omitempty"`
	Resumed *Resumed      `json:"resumed,omitempty"` // nil: it began at the beginning

	// ProgramMemory is the measured peak, in bytes, of the processes of a program of the user's own.
	// 0: there was none, or its system does not tell.
	ProgramMemory int64 `json:"program_memory,omitempty"`
}

// Resumed says that an attempt went on from the snapshot of an interrupted one.
type Resumed struct {
	Audits  int      `json:"audits"`            // made by then
	Seconds float64  `json:"seconds"`           // taken by then
	Times   int      `json:"times"`             // how often so far, with this one
	Kernels []string `json:"kernels,omitempty"` // that it had run with by then, each once; the attempt's own may be another
}

// Env is one invocation's entry in env.json.
type Env struct {
	Started time.Time         `json:"started"`
	Version string            `json:"version"`
	Commit  string            `json:"commit"`
	Dirty   bool              `json:"dirty"`
	Go      string            `json:"go"`
	OS      string            `json:"os"`
	Arch    string            `json:"arch"`
	Level   string            `json:"goamd64,omitempty"` // the instruction set that the compiler was allowed
	CPU     string            `json:"cpu"`
	Cores   int               `json:"cores"`
	Kernel  string            `json:"kernel"`
	Jobs    int               `json:"jobs"`
	Host    string            `json:"host"`
	Modules map[string]string `json:"modules"`  // path -> version
	Raw     map[string]string `json:"raw_data"` // file name -> SHA-256
	Args    []string          `json:"args"`
	Seal    string            `json:"seal,omitempty"` // the SHA-256 of all of the above
}
