package bench

import (
	"math"
	"strings"
	"testing"
)

func TestDatasetCheck(t *testing.T) {
	fresh := func() *Dataset {
		return &Dataset{
			Name:  "x",
			Data:  Data{X: NewMatrix(3, 2), Class: []int32{0, 1, 1}, Classes: 2, Same: []int32{0, 1, 2}},
			Truth: []bool{true, false, true},
		}
	}
	if err := fresh().Check(); err != nil {
		t.Error(err)
	}
	if n := fresh().Anomalies(); n != 2 {
		t.Errorf("%d anomalies", n)
	}
	for want, spoil := range map[string]func(*Dataset){
		"empty: 0 rows":                        func(d *Dataset) { d.X = Matrix{} },
		"5 values for 3 rows":                  func(d *Dataset) { d.X.Data = d.X.Data[:5] },
		"2 anomaly labels for 3 rows":          func(d *Dataset) { d.Truth = d.Truth[:2] },
		"1 class labels for 3 rows":            func(d *Dataset) { d.Class = d.Class[:1] },
		"0 entries of Same for 3 rows":         func(d *Dataset) { d.Same = d.Same[:0] },
		"2 groups for 3 rows":                  func(d *Dataset) { d.Group = make([]int32, 2) },
		"row 1: class 2 is not in [0, 2)":      func(d *Dataset) { d.Class[1] = 2 },
		"row 0: class -1":                      func(d *Dataset) { d.Class[0] = -1 },
		"row 2, column 1: NaN is not a finite": func(d *Dataset) { d.X.Data[5] = float32(math.NaN()) },
		"row 1, column 0: -Inf":                func(d *Dataset) { d.X.Row(1)[0] = float32(math.Inf(-1)) },
	} {
		d := fresh()
		spoil(d)
		if err := d.Check(); err == nil || !strings.Contains(err.Error(), "dataset x: "+want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	row := fresh().X.Row(1)
	if len(row) != 2 || cap(row) != 2 {
		t.Error("a row reaches into the next one")
	}
	if HeadBase.String() != "base" || HeadTrained.String() != "trained" || Head(7).String() != "head(7)" {
		t.Error("a head has another name")
	}
}
