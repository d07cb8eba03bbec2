package verify

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// checked is a done cell that Run has read.
type checked struct {
	bench.PlannedCell
	state        runlog.State
	digest       string
	result       *runlog.Result
	audits       []auditedRow
	first        ranked
	unreplayable []string
}

// auditedRow is an audit's row and its truth.
type auditedRow struct {
	row   int32
	truth bool
}

// check reads and checks one planned cell. Its errors are those of Files.Cell.
func (v *Report) check(p bench.PlannedCell) (checked, error) {
	c := checked{PlannedCell: p}
	l, err := v.files.Cell(p.ID)
	if d, damaged := errors.AsType[*runlog.Damage](err); damaged {
		v.find(p.ID, d.Path, d.Err)
		return c, err
	}
	if err != nil {
		return c, err
	}
	c.state, c.digest = l.Status.State, l.Status.Digest
	v.status(p, l.Status)
	switch c.state {
	case runlog.Failed:
		v.Failed++
	case runlog.TimedOut:
		v.TimedOut++
	}
	if n := len(l.Status.Attempts); n > 1 || c.state != runlog.Done {
		v.Tried = append(v.Tried, Attempted{p.ID, v.name(p), c.state, l.Status.Attempts})
	}
	if c.state != runlog.Done {
		return c, nil
	}
	v.Done++
	file, problem := v.replay(&c, l)
	if problem != nil {
		v.find(p.ID, file, problem)
	}
	v.cells = append(v.cells, c)
	return c, nil
}

// status checks a cell's status.json, which no digest covers.
func (v *Report) status(p bench.PlannedCell, s runlog.Status) {
	file := v.files.Path(runlog.CellFile(p.ID, runlog.StatusName))
	data, err := v.files.Read(runlog.CellFile(p.ID, runlog.StatusName))
	if err != nil {
		v.find(p.ID, file, err)
		return
	}
	seal, err := s.ComputeSeal()
	v.seal(p.ID, file, data, s, s.Seal, seal, err)
	for i, a := range s.Attempts {
		if a.Seed != p.Cell.Seed {
			v.find(p.ID, file, fmt.Errorf("%s: attempt %d had seed %d, but the cell's seed is %d",
				file, i+1, a.Seed, p.Cell.Seed))
		}
		if a.State == runlog.Done && i < len(s.Attempts)-1 {
			v.find(p.ID, file, fmt.Errorf("%s: attempt %d was done, but %d more follow it; a "+
				"done cell is never run again", file, i+1, len(s.Attempts)-1-i))
		}
	}
	if s.State == runlog.Done {
		return
	}
	for _, name := range []string{runlog.ResultName, runlog.LogName, runlog.SlimResultName,
		runlog.SlimAuditsName} {
		if _, err := v.files.Read(runlog.CellFile(p.ID, name)); !errors.Is(err, fs.ErrNotExist) {
			v.find(p.ID, v.files.Path(runlog.CellFile(p.ID, name)),
				fmt.Errorf("%s exists, but the cell's state is %q: its status was edited",
					v.files.Path(runlog.CellFile(p.ID, name)), s.State))
		}
	}
}

// replay recomputes the curve and the metrics of a done cell from its audit log only, and compares
// the bytes. On a difference it returns the file at fault and the problem.
func (v *Report) replay(c *checked, l runlog.StoredCell) (file string, problem error) {
	log, result := v.files.Path(runlog.CellFile(c.ID,
		runlog.LogName)), v.files.Path(runlog.CellFile(c.ID, runlog.ResultName))
	r := *l.Result
	c.result = l.Result
	queries, err := l.Audits(log)
	if err != nil {
		return log, err
	}
	if l.Slim() {
		v.Slim++
	} else if err := logForm(log, l.Log, queries); err != nil {
		return log, err
	}
	if r.Rows < 1 || r.Rows > math.MaxInt32 {
		return result, fmt.Errorf("%s: a dataset cannot have %d rows", result, r.Rows)
	}
	budget, err := r.Cell.Budget.Resolve(r.Rows, r.Anomalies)
	switch {
	case r.Cell.HasHoldout(): // nothing is audited
	case err != nil:
		return result, fmt.Errorf("%s: %w", result, err)
	case budget != r.Budget:
		return result, fmt.Errorf("%s: a budget of %s is %d audits here, not %d", result,
			r.Cell.Budget, budget, r.Budget)
	case r.Cell.K.Resolve(r.Anomalies) != r.K:
		return result, fmt.Errorf("%s: k = %s is %d here, not %d", result, r.Cell.K,
			r.Cell.K.Resolve(r.Anomalies), r.K)
	}
	measured, err := Replay(r, queries)
	if err != nil {
		return log, fmt.Errorf("%s: %w", log, err)
	}
	replayed, err := runlog.Encode(measured)
	if err != nil {
		return result, err
	}
	if string(replayed) != string(l.Bytes) {
		return result, fmt.Errorf("%s does not follow from the audit log: %s", result,
			firstDifference(l.Bytes, replayed))
	}
	if err := oracle(r, queries); err != nil {
		return log, fmt.Errorf("%s: %w", log, err)
	}
	if err := v.scores(&r, queries); err != nil {
		return log, fmt.Errorf("%s: %w", log, err)
	}
	if err := fullCurve(r); err != nil {
		return result, fmt.Errorf("%s: %w", result, err)
	}
	for _, q := range queries {
		c.audits = append(c.audits, auditedRow{int32(q.Row), q.Truth})
	}
	c.first = rankedOf(&r, queries)
	c.unreplayable = v.leftOut(r)
	v.Replayed++
	v.Audits += len(queries)
	return "", nil
}

// logForm checks that an audit log is in the canonical form of its audits.
func logForm(file string, data []byte, queries []runlog.Audit) error {
	again, err := runlog.EncodeLog(queries)
	if err == nil && string(again) != string(data) {
		err = fmt.Errorf("%s: %s", file, firstDifference(data, again))
	}
	return err
}

// oracle compares the log's answers with those of the cell's oracle, whose errors are drawn by the
// cell's seed.
func oracle(r runlog.Result, queries []runlog.Audit) error {
	if r.Cell.Noise == (bench.Noise{}) {
		return nil // Replay has compared the answers with the truth
	}
	truth := rowTruth{}
	rows := make([]int, len(queries))
	for i, q := range queries {
		truth[q.Row], rows[i] = q.Truth, q.Row
	}
	answers, err := bench.Noisy(truth, r.Cell.Noise,
		bench.NewStream(r.Cell.Seed, "oracle")).Audit(context.Background(), rows)
	if err != nil {
		return err
	}
	for i, q := range queries {
		if q.Label != answers[i] {
			return fmt.Errorf("audit %d: the oracle of this seed answers %v for row %d, not %v",
				i+1, answers[i], q.Row, q.Label)
		}
	}
	return nil
}

// rowTruth is the truth of each row in an audit log.
type rowTruth map[int]bool

func (t rowTruth) Audit(_ context.Context, rows []int) ([]bool, error) {
	out := make([]bool, len(rows))
	for i, row := range rows {
		out[i] = t[row]
	}
	return out, nil
}

// scores checks that the method can give each score, and that the audits of a method that looks at
// no data are those that its seed gives.
func (v *Report) scores(r *runlog.Result, queries []runlog.Audit) error {
	for i, q := range queries {
		if v.options.Possible != nil && !math.IsNaN(q.Score) &&
			!v.options.Possible(r.Cell, q.Score) {
			return fmt.Errorf("audit %d: %s cannot give the score %v", i+1, r.Cell.Method.ID,
				q.Score)
		}
	}
	if v.options.Scores == nil {
		return nil
	}
	scores, known := v.options.Scores(r.Cell, r.Rows)
	if !known {
		return nil
	}
	ranking := bench.Ranking(scores)
	for i, q := range queries {
		if q.Row != ranking[i] || q.Score != scores[ranking[i]] && !math.IsNaN(q.Score) {
			return fmt.Errorf("audit %d: this seed ranks row %d there, with score %v, not row %d "+
				"with %v", i+1, ranking[i], scores[ranking[i]], q.Row, q.Score)
		}
	}
	return nil
}

// fullCurve checks the form of Full, which Replay cannot compute: positions in a ranking of all
// rows.
func fullCurve(r runlog.Result) error {
	if r.Full == nil {
		return nil
	}
	if !slices.IsSorted(r.Full) || len(slices.Compact(slices.Clone(r.Full))) != len(r.Full) ||
		len(r.Full) > 0 && (r.Full[0] < 1 || r.Full[len(r.Full)-1] > r.Rows) {
		return errors.New("full is not a list of places in a ranking of all rows")
	}
	return nil
}

// Parts of results that no audit log can show.
const (
	partPool = "n, d, C and N of the dataset, compared only between cells of the same dataset"
	partRows = "which rows a model ranks first, and its scores, beyond what other cells with the " +
		"same model show: made-up rows and scores with all that follows from them, or one seed's " +
		"cells presented as another's, are detected only by --sample"
	partFull = "the curve of a static ranking after its last audit, within the limits that " +
		"ROC-AUC and average precision set"

	partUnlabelled  = "ROC-AUC and average precision of all rows' scores of a method that learns"
	partCheckpoints = "checkpoints"
	partCounts      = "counted work"
	partRanked      = "the ranking of a test half, within the limits that ROC-AUC and average " +
		"precision of its scores set"
)

// unreplayable lists in NotReplayed which parts of the results cannot be checked.
func (v *Report) unreplayable() {
	parts := map[string]int{}
	for _, c := range v.cells {
		for _, part := range c.unreplayable {
			parts[part]++
		}
	}
	for _, part := range []string{partPool, partRows, partFull, partUnlabelled, partCheckpoints,
		partCounts, partRanked} {
		if n := parts[part]; n > 0 {
			v.NotReplayed = append(v.NotReplayed,
				fmt.Sprintf("%s (%d of %d cells)", part, n, v.Done))
		}
	}
}

// leftOut returns the parts of a result that no audit log can show.
func (v *Report) leftOut(r runlog.Result) []string {
	parts := []string{partPool}
	made := false // the ranking follows from the seed and the number of rows only
	if v.options.Scores != nil {
		_, made = v.options.Scores(r.Cell, 1)
	}
	for _, p := range []struct {
		part string
		is   bool
	}{
		{partRows, r.Audited > 0 && !made},
		{partFull, len(r.Full) > len(r.Found)},
		{partUnlabelled, r.Unlabelled != nil && r.Full == nil},
		{partCheckpoints, r.Checkpoints != nil},
		{partCounts, r.Counts != nil},
		{partRanked, r.Holdout != nil},
	} {
		if p.is {
			parts = append(parts, p.part)
		}
	}
	return parts
}
