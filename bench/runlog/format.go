// Package runlog implements the run directory: its format, atomic writing, reading, digests and
// provenance.
//
//	runs/<name>/plan.json                  the resolved spec (bench.Plan) and its digest
//	runs/<name>/local.json                 this machine's paths of the user's files; in no pack
//	runs/<name>/env.json                   provenance (Env), one entry per invocation
//	runs/<name>/cells/<id>/result.json     Result; covered by the cell's digest
//	runs/<name>/cells/<id>/queries.jsonl   the audit log, one Audit per line; likewise
//	runs/<name>/cells/<id>/status.json     Status: state, attempts, error, …; in no digest
//	runs/<name>/cells/.snapshot-<id>       the state of a cell in progress (Snapshot)
//
// A cell's folder is written under a temporary name, synced and renamed, so it is complete or
// absent. A cell that failed or timed out has only status.json.
//
// # Packs and slim cells
//
// A pack (Pack) is a run in one file: a gzipped tar of plan.json, env.json and the planned cells
// that are done, failed or timed out. tar unpacks it to a run directory, and all code that reads a
// run directory reads a pack.
//
// A slim cell, in a pack or in a directory, keeps no scores and takes some 3 bytes per audit in
// place of 20. In place of result.json and queries.jsonl it has
//
//	cells/<id>/result.slim.json   result.json with found and full null
//	cells/<id>/audits.slim        the audits: gives found, full, and the log without scores
//
// while status.json is the original cell's, with the SHA-256 of both original files and the cell's
// digest. The result is rebuilt to the byte and checked against its SHA-256. The log cannot be
// rebuilt; its SHA-256 serves to check a second run of the cell. All numbers of audits.slim are
// little endian or unsigned varints:
//
//	8 bytes        "uaislim1"
//	32 bytes       the SHA-256 of all that follows
//	varint         n, the number of audits
//	1 byte         w, the bytes of a row index, 1 to 4
//	w x n bytes    the lowest byte of each row index, then the next byte of each, …
//	n bits         the truth, the first audit in the lowest bit; padded to a byte with zeros
//	n bits         whether the oracle's answer differs from the truth; likewise
//	varint, varints   number and lengths of the runs of audits by one head: base, trained, …
//	varint         0 where full is null, else 1 + the number of its positions after found's
//	varints        these positions, each as the difference from the previous one
//
// A cell without audits, and one that could not be restored from this form, is not made slim.
package runlog

import (
	"time"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
)

// FormatVersion is the version of the run directory's format.
const FormatVersion = 1

// Result is result.json: a cell's measurements. It holds no time, host or path.
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
	StoppedEarly bool               `json:"stopped_early"` // every anomaly was found: the curve stays flat
	Found        metric.RecallCurve `json:"found"`         // by truth, within the audits

	// Full is the found curve of a static method's complete ranking, whatever the budget. It cannot
	// be replayed from the audit log, which ends at the budget. nil for methods that learn.
	Full metric.RecallCurve `json:"full,omitempty"`

	Metrics     Metrics          `json:"metrics"`
	Unlabelled  *RankMetrics     `json:"unlabelled,omitempty"` // of the scores of all rows before the first label; not replayable
	Checkpoints []Checkpoint     `json:"checkpoints,omitempty"`
	Counts      map[string]int64 `json:"counts,omitempty"` // amounts of work, by kind

	Program *bench.ProgramInfo `json:"program,omitempty"` // as reported by a program of the user's own

	// Holdout holds the measurements of a cell with a holdout split. Such a cell audits nothing:
	// the fields about audits are zero, and n and N are the sums over both halves, after anomalies
	// were taken out. nil: the cell has a pool.
	Holdout *Holdout `json:"split,omitempty"`
}

// Metrics follow from Found, N and the budget only (experiments/methods.md).
type Metrics struct {
	AtAnomalies *metric.PRF `json:"at_n,omitempty"` // the first N audits are flagged; nil where N is 0 or above the budget
	Area        float64     `json:"area"`           // under found/N up to the budget, as a share of the ideal list's
}

// RankMetrics are metrics of the scores of all n rows; nil where undefined (no anomalies, or for
// ROCAUC no normal rows).
type RankMetrics struct {
	ROCAUC           *float64 `json:"roc_auc,omitempty"`
	AveragePrecision *float64 `json:"average_precision,omitempty"`
}

// Checkpoint holds the measurements of the frozen model after some audits.
type Checkpoint struct {
	At      int         `json:"at"`      // audits, as set in the spec
	Audited int         `json:"audited"` // audits made
	Head    string      `json:"head"`    // "base" before the first label and for methods that do not learn, else "trained"
	Ranks   RankMetrics `json:"ranks"`   // of this head's score over all n rows

	// The probes that the spec enables; nil: not enabled. A method that does not learn is probed
	// only at its first checkpoint, since later results are the same.
	Ranking    *FrozenRanking    `json:"tail,omitempty"`
	Test       *TestProbe        `json:"test,omitempty"`
	Projection *LatentProjection `json:"plane,omitempty"`

	Explanations []Explanation `json:"explanations,omitempty"` // of the rows that the frozen model ranks next, in that order

	// Counts are the amounts of work so far, with the training that ends here but without these
	// probes: the cost of a round is the difference between two checkpoints.
	Counts map[string]int64 `json:"counts,omitempty"`
}

// Audit is one audit, a line of queries.jsonl.
type Audit struct {
	Number int     `json:"i"`     // 1-based place in the audit list
	Call   int     `json:"call"`  // 1-based round
	Rank   int     `json:"rank"`  // 1-based, within the round
	Row    int     `json:"row"`   // 0-based
	Score  float64 `json:"score"` // by which the row was chosen; NaN in a slim cell, which keeps none
	Head   string  `json:"head"`  // "base" or "trained"
	Label  bool    `json:"label"` // the oracle's answer
	Truth  bool    `json:"truth"`
	Found  int     `json:"found"` // anomalies so far, by truth
}

// State is the state of a cell.
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
	Files    map[string]string `json:"files,omitempty"`  // SHA-256 of each file, to identify a changed one
	Attempts []Attempt         `json:"attempts"`         // oldest first; State is that of the last
	Seal     string            `json:"seal,omitempty"`   // SHA-256 of the fields above
}

// Attempt is one attempt at a cell.
type Attempt struct {
	State   State     `json:"state"`
	Started time.Time `json:"started"`
	Seconds float64   `json:"seconds"` // from when the dataset was ready; includes the time before the snapshot of a resumed one
	Host    string    `json:"host"`
	Kernel  string    `json:"kernel"`
	Commit  string    `json:"commit,omitempty"`
	Seed    uint64    `json:"seed"`
	Error   string    `json:"error,omitempty"`
	Stack   string    `json:"stack,omitempty"`   // of a panic
	NoData  bool      `json:"no_data,omitempty"` // the dataset could not be built: the next run retries the cell
	// Limit is the time limit that the attempt reached, in ns; 0: it reached none, or an earlier
	// version wrote this.
	Limit   time.Duration `json:"limit,omitempty"`
	Resumed *Resumed      `json:"resumed,omitempty"` // nil: the attempt began from the start

	// ProgramMemory is the measured peak memory, in bytes, of the processes of a program of the
	// user's own. 0: there was no such program, or its system does not report it.
	ProgramMemory int64 `json:"program_memory,omitempty"`
}

// Resumed describes the snapshot of an interrupted attempt from which this one resumed.
type Resumed struct {
	Audits  int      `json:"audits"`            // made before the snapshot
	Seconds float64  `json:"seconds"`           // spent before the snapshot
	Times   int      `json:"times"`             // resumptions so far, with this one
	Kernels []string `json:"kernels,omitempty"` // used before the snapshot, each once; the attempt's own may differ
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
	Level   string            `json:"goamd64,omitempty"` // the instruction set level allowed to the compiler
	CPU     string            `json:"cpu"`
	Cores   int               `json:"cores"`
	Kernel  string            `json:"kernel"`
	Jobs    int               `json:"jobs"`
	Host    string            `json:"host"`
	Modules map[string]string `json:"modules"`  // path -> version
	Raw     map[string]string `json:"raw_data"` // file name -> SHA-256
	Args    []string          `json:"args"`
	Seal    string            `json:"seal,omitempty"` // SHA-256 of the fields above
}
