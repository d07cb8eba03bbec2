package synth

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// chi999 is the value that a chi-square variable exceeds once in 1,000, by degrees of freedom.
var chi999 = map[int]float64{8: 26.12, 6: 22.46}

func TestReduce(t *testing.T) {
	var value [256]float32 // of a pixel
	for p := range value {
		value[p] = float32(float64(p) / 255)
	}
	for _, c := range []struct {
		id                       string
		reduced, images, anomaly int // classes reduced, images in them, the paper's anomalies
		rows                     int // the paper's
		within                   int // three standard deviations of the draw, as in paper.yaml
	}{
		{"mnist0", 1, 5923, 602, 54679, 70},
		{"mnist0_2", 3, 18623, 1822, 43199, 125},
		{"fashion0", 1, 6000, 610, 54610, 70},
		{"fashion0_2", 3, 18000, 1765, 43765, 121},
	} {
		for _, draw := range []string{"bernoulli", "exact"} {
			t.Run(fmt.Sprintf("%s/%s", c.id, draw), func(t *testing.T) {
				m := images(t, c.id)
				given := map[string]any{"draw": draw}
				d := made(t, c.id, 1, given)
				if draw == "bernoulli" {
					checkZeros(t, d, entryOf(c.id).DatasetInfo)
				}
				got := d.Anomalies()
				if draw == "exact" {
					if got != c.anomaly || d.X.Rows != c.rows {
						t.Errorf("%d anomalies of %d rows, want the paper's %d of %d", got, d.X.Rows, c.anomaly, c.rows)
					}
				} else {
					mean := 0.1 * float64(c.images)
					if sd := math.Sqrt(mean * 0.9); math.Abs(float64(got)-mean) > 3*sd {
						t.Errorf("%d anomalies, expected %.0f ± %.0f", got, mean, sd)
					}
					if got < c.anomaly-c.within || got > c.anomaly+c.within {
						t.Errorf("%d anomalies, the paper prints %d ± %d", got, c.anomaly, c.within)
					}
				}
				r := ref(t, c.id, 1, given)
				if n, exact := find(c.id).Rows(r.Params, 1); !exact || n != d.X.Rows {
					t.Errorf("planned %d rows, built %d", n, d.X.Rows)
				}
				if d.Classes != 10-c.reduced || len(d.ClassNames) != d.Classes || d.ClassNames[0] != m.Set.Labels[c.reduced] {
					t.Errorf("%d classes %v", d.Classes, d.ClassNames)
				}

				// Every image of the other classes is present, unchanged and in order; between them
				// are the anomalies, each an image of a reduced class, also in order.
				row := 0
				count := make([]int, d.Classes)
				equal := func(row, image int) bool {
					x := d.X.Row(row)
					for k, p := range m.Image(image) {
						if x[k] != value[p] {
							return false
						}
					}
					return true
				}
				for i, l := range m.Labels {
					if int(l) < c.reduced {
						if row < d.X.Rows && d.Truth[row] && equal(row, i) {
							count[d.Class[row]]++
							row++
						}
						continue
					}
					if row == d.X.Rows || d.Truth[row] || !equal(row, i) || int(d.Class[row]) != int(l)-c.reduced {
						t.Fatalf("image %d of class %d is not row %d", i, l, row)
					}
					row++
				}
				if row != d.X.Rows {
					t.Errorf("%d rows are not accounted for", d.X.Rows-row)
				}

				want := float64(got) / float64(d.Classes)
				chi := 0.0
				for _, n := range count {
					chi += (float64(n) - want) * (float64(n) - want) / want
				}
				if chi > chi999[d.Classes-1] {
					t.Errorf("the anomalies' classes are not uniform: %v, chi-square %.1f", count, chi)
				}
			})
		}
	}
}

// Over many seeds the draw has the binomial's mean and variance: the mean of 200 counts is within 4
// of its standard errors, and the ratio of variances within 4 of its own, sqrt(2/199).
func TestKeptIsBinomial(t *testing.T) {
	r := find("mnist0_2")
	p := ref(t, "mnist0_2", 1, nil).Params
	const seeds = 200
	sum, squares := 0.0, 0.0
	for seed := range uint64(seeds) {
		n, _ := r.Rows(p, seed)
		k := float64(n - 41377)
		sum += k
		squares += k * k
	}
	mean, variance := 18623*0.1, 18623*0.1*0.9
	if got := sum / seeds; math.Abs(got-mean) > 4*math.Sqrt(variance/seeds) {
		t.Errorf("mean %.1f, want %.1f", got, mean)
	}
	got := (squares - sum*sum/seeds) / (seeds - 1)
	if math.Abs(got/variance-1) > 4*math.Sqrt(2.0/(seeds-1)) {
		t.Errorf("variance %.0f, want %.0f", got, variance)
	}
}

// A larger keep only adds anomalies: existing ones keep their labels. X0 and X0-2 keep the same
// images of class 0.
func TestDrawsArePaired(t *testing.T) {
	m := images(t, "mnist0")
	marked := func(id string, keep float64) marks {
		out, err := reduce(t.Context(), find(id), m, ref(t, id, 1, map[string]any{"keep": keep}).Params, 1)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	few, many := marked("mnist0", 0.1), marked("mnist0", 0.2)
	three := marked("mnist0_2", 0.1)
	if !slices.Equal(few.class, many.class) {
		t.Error("another keep gives other labels")
	}
	more := 0
	for i, l := range m.Labels {
		if few.anomaly[i] && !many.anomaly[i] {
			t.Fatalf("image %d goes when keep grows", i)
		}
		if many.anomaly[i] && !few.anomaly[i] {
			more++
		}
		if l == 0 && few.anomaly[i] != three.anomaly[i] {
			t.Fatalf("image %d of class 0 stays in one dataset and goes in the other", i)
		}
	}
	if more == 0 {
		t.Error("twice the keep gives no more anomalies")
	}
	if n := marked("mnist0", 1); slices.Contains(n.drop, true) {
		t.Error("keep 1 drops images")
	}
	if n := marked("mnist0", 0); slices.Contains(n.anomaly, true) {
		t.Error("keep 0 keeps images")
	}
}
