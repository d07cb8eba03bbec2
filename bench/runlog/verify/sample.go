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

// Sample draws n of the done cells that Run found nothing wrong with, or all if they are fewer. The
// run's digest is what draws, so nobody can choose which cells are run again without choosing the
// results. They come ordered by their dataset.
func (v *Report) Sample(n int) []bench.PlannedCell {
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
			sum := sha256.Sum256([]byte(v.Digest + " " + c.ID))
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

// Compare holds a done cell to what running it again gave: the same bytes, or a finding that says
// where they part. It panics where Run has not read the cell as done.
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
	for _, f := range []struct {
		name  string
		again []byte
	}{{runlog.LogName, log}, {runlog.ResultName, result}} {
		data, err := files.Read(runlog.CellFile(id, f.name))
		if err != nil {
			return err
		}
		if string(data) != string(f.again) {
			file := files.Path(runlog.CellFile(id, f.name))
			v.find(id, file, fmt.Errorf("%s, run again, gives other bytes: %s: %s",
				file, name(v.cells[i].PlannedCell), firstDifference(data, f.again)))
			return nil
		}
	}
	return fmt.Errorf("cell %s changed while it was run again", id)
}
