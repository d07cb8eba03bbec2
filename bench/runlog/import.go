package runlog

import (
	"path/filepath"
	"slices"
)

// ImportCell copies a done cell of another run or pack, byte for byte, to the same cell here, which
// must not be done; a slim cell stays slim. Its status lists the attempts made here, then those
// made there, which record where and with what it was computed. The cell is checked against its
// digest like any cell that is read. imported is false if the other run has not done the cell.
func (w *Writer) ImportCell(id string, other *Run) (imported bool, err error) {
	at := slices.IndexFunc(other.Cells, func(c CellRecord) bool { return c.ID == id })
	if at < 0 || other.Cells[at].Status.State != Done {
		return false, nil
	}
	from, err := other.store()
	if err != nil {
		return false, err
	}
	c, err := load(from, id)
	if err != nil {
		return false, err
	}
	d, err := w.Begin(id)
	if err != nil {
		return false, err
	}
	defer d.discardUnless(&err)
	files := map[string][]byte{ResultName: c.Bytes, LogName: c.Log}
	if c.Slim() {
		files = map[string][]byte{SlimResultName: c.slimFiles[0], SlimAuditsName: c.slimFiles[1]}
	}
	for name, data := range files {
		if err := writeSynced(filepath.Join(d.dir, name), data); err != nil {
			return false, err
		}
	}
	s := Status{State: Done, Digest: c.Status.Digest, Files: c.Status.Files}
	return true, d.publish(s, c.Status.Attempts...)
}
