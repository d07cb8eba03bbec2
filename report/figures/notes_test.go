package figures

import (
	"strings"
	"testing"
)

func TestBandNote(t *testing.T) {
	if got := bandNote(4); got != "With n = 4 the min–max band is an 87.5 % interval for the median" {
		t.Error(got)
	}
	if got := bandNote(40); !strings.Contains(got, " 99.999 %") {
		t.Error(got)
	}
	if got := bandNote(5); got != "With n = 5 the min–max band is a 93.75 % interval for the median" {
		t.Error(got)
	}
}
