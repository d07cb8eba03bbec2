package verify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/runlog"
)

// Sample draws n of the done cells without findings, or all if they are fewer. The same seed draws
// the same cells of the same results. They are ordered by dataset.
//
// The seed must be the verifier's own, chosen after the run was handed over: whoever makes a run
// can foresee which cells a number in it would draw, and try until the forged cells are spared.
func (v *Report) Sample(n int, seed uint64) []bench.PlannedCell {
	bad := map[string]bool{}
	for _, f := range v.Findings {
		bad[f.Cell] = true
	}
	type drawn struct {
		bench.PlannedCell
		lot string
	}
	var lots []drawn
	for _, c := range v.cells {
		if !bad[c.ID] {
			sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %s", seed, v.Digest, c.ID))
			lots = append(lots, drawn{c.PlannedCell, hex.EncodeToString(sum[:])})
		}
	}
	slices.SortFunc(lots, func(a, b drawn) int { return cmp.Compare(a.lot, b.lot) })
	var out []bench.PlannedCell
	for _, d := range lots[:min(n, len(lots))] {
		out = append(out, d.PlannedCell)
	}
	slices.SortStableFunc(out, func(a, b bench.PlannedCell) int {
		return cmp.Compare(a.Cell.Dataset.Key(), b.Cell.Dataset.Key())
	})
	return out
}

// Compare compares a done cell with r and queries, the results of running it again: if the bytes
// differ it adds a finding that names where. It panics if Run has not read the cell as done.
func (v *Report) Compare(id string, r runlog.Result, queries []runlog.Audit) error {
	i := slices.IndexFunc(v.cells, func(c checked) bool { return c.ID == id })
	if i < 0 {
		panic("verify: no checked cell " + id)
	}
	r.Format = runlog.FormatVersion
	result, err := runlog.Encode(r)
	if err != nil {
		return err
	}
	log, err := runlog.EncodeLog(queries)
	if err != nil {
		return err
	}
	if runlog.CellDigest(result, log) == v.cells[i].digest {
		return nil
	}
	files, err := runlog.OpenFiles(v.Path) // a pack may have been replaced meanwhile
	if err != nil {
		return err
	}
	stored, err := files.Cell(id)
	if err != nil {
		return err
	}
	where := v.name(v.cells[i].PlannedCell)
	if stored.Slim() {
		return v.compareSlim(id, where, stored, queries, result)
	}
	for _, f := range []struct {
		name        string
		data, again []byte
	}{{runlog.LogName, stored.Log, log}, {runlog.ResultName, stored.Bytes, result}} {
		if string(f.data) != string(f.again) {
			file := files.Path(runlog.CellFile(id, f.name))
			v.find(id, file, fmt.Errorf("%s differs when its cell is run again: %s: %s",
				file, where, firstDifference(f.data, f.again)))
			return nil
		}
	}
	return fmt.Errorf("cell %s changed while it was run again", id)
}

// compareSlim adds a finding that names where a slim cell differs from a second run of it, which
// has another digest.
func (v *Report) compareSlim(id, where string, stored runlog.StoredCell, queries []runlog.Audit,
	result []byte) error {
	kept, err := stored.Audits("")
	if err != nil {
		return err
	}
	file := v.files.Path(runlog.CellFile(id, runlog.SlimAuditsName))
	problem := fmt.Sprintf("%s: its log had the SHA-256 %s; the rows and answers are the same, so "+
		"the scores differ", where, stored.Status.Files[runlog.LogName])
	for i, q := range queries {
		if i >= len(kept) || kept[i].Row != q.Row || kept[i].Label != q.Label {
			answer := "normal"
			if q.Label {
				answer = "anomaly"
			}
			problem = fmt.Sprintf("%s: audit %d is now of row %d, answer %s", where, i+1, q.Row, answer)
			break
		}
	}
	if string(result) != string(stored.Bytes) {
		problem += "; " + runlog.ResultName + ": " + firstDifference(stored.Bytes, result)
	}
	v.find(id, file, fmt.Errorf("%s differs when its cell is run again: %s", file, problem))
	return nil
}
