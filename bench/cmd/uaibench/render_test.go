package main

import (
	"bytes"
	"context"
	"testing"
)

// TestExperimentsAreRendered: EXPERIMENTS.md and its plots are what the committed result sets, the ledger and the template give.
func TestExperimentsAreRendered(t *testing.T) {
	t.Chdir("../../..")
	var out, errs bytes.Buffer
	if status := run(context.Background(), []string{"render", "experiments/EXPERIMENTS.md.tmpl", "--check"}, &out, &errs); status != 0 {
		t.Errorf("status %d: %s%s\nmake experiments renders them", status, out.String(), errs.String())
	}
}
