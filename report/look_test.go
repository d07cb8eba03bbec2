package report

import (
	"os"
	"testing"
	"time"
)

func TestLook(t *testing.T) {
	dir := os.Getenv("LOOK")
	if dir == "" {
		t.Skip()
	}
	run := demo(4, 5, 5000)
	run.Cells[3].Status.State = "failed"
	run.Cells[3].Status.Attempts[0].Error = "score is not finite: row 17 scored NaN after 340 audits"
	run.Cells[3].Result = nil
	start := time.Now()
	m := newModel(run, catalog())
	m.Audits = audits
	paths, err := m.write(dir, Formats)
	t.Log(len(paths), err, time.Since(start))
	Summary(os.Stdout, run)
}
