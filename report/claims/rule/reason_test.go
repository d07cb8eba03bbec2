package rule

import (
	"strings"
	"testing"
)

// The reason gives both probabilities in per cent.
func TestCalibrationReason(t *testing.T) {
	c := &Calibration{Basis: "printed means", Paper: 0.5, None: 0.02}
	if got := c.Reason(); !strings.Contains(got, "in 50 % of the paper's") || !strings.Contains(got, "in 2.0 % of those without") {
		t.Error(got)
	}
}
