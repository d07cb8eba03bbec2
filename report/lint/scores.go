package lint

import (
	"math"
	"slices"
	"strings"
)

func scoreRange(p *Printed, found func(string, string, ...any)) {
	for _, t := range []Statistics{{p.Table1.Where, p.Table1.Datasets}, p.Table2, p.Table4} {
		for _, d := range t.Datasets {
			if value(d.Percent) > 100 {
				found(t.Where, "%s: %s %% of the instances cannot be anomalies", d.ID, d.Percent)
			}
		}
	}
	outside := func(s string) bool { return strings.HasPrefix(s, "-") || value(s) > 1 }
	for _, row := range p.Table1.F1 {
		for _, d := range p.Table1.Datasets {
			if f := row.on(d.ID); outside(f) {
				found(p.Table1.Where, "%s on %s: F1 %s is not between 0 and 1", row.Method, d.ID, f)
			}
		}
	}
	for _, r := range p.Table3.Rows {
		if value(r.Percent) > 100 {
			found(p.Table3.Where, "%s on %s: %s %% of the training set cannot be anomalies",
				r.Method, r.Dataset, r.Percent)
		}
		for _, q := range r.scores() {
			if outside(q.mean) {
				found(p.Table3.Where, "%s (%s %%) on %s: %s %s is not between 0 and 1", r.Method,
					r.Percent, r.Dataset, q.name, q.mean)
			}
			if strings.HasPrefix(q.sd, "-") {
				found(p.Table3.Where, "%s (%s %%) on %s: %s's deviation %s is negative", r.Method,
					r.Percent, r.Dataset, q.name, q.sd)
			}
		}
	}
}

// deviationOfRuns compares every deviation with maxDeviation, allowing half a unit of its last
// digit.
func deviationOfRuns(p *Printed, found func(string, string, ...any)) {
	for _, r := range p.Table3.Rows {
		seen := map[string]bool{}
		for _, q := range r.scores() {
			numbers := q.mean + " (" + q.sd + ")"
			if q.sd == "" || seen[numbers] {
				continue
			}
			seen[numbers] = true
			if most := maxDeviation(q.mean, p.Runs); value(q.sd)-unit(q.sd)/2 > most+1e-9 {
				found(p.Table3.Where, "%s (%s %%) on %s: %s is not a mean and deviation "+
					"of %d runs: values between 0 and 1 with that mean deviate by at most %.4f",
					r.Method, r.Percent, r.Dataset, numbers, p.Runs, most)
			}
		}
	}
}

// maxDeviation is the largest sample standard deviation (with n - 1) of n values in [0, 1] whose
// mean rounds to the printed one: +Inf if there are none, and 0 for one value.
//
// The sum of squares is convex, so among values with the sum s it is largest at a corner: k =
// floor(s) ones, one value f = s - k, and zeros. Hence the variance is at most
//
//	(k + f² - s²/n) / (n - 1).
//
// A printed mean covers all means that round to it, so an interval of s. Between integers the bound
// is convex in s, and at integers it is k - k²/n, concave with its maximum at n/2: the largest
// value is at an end, or at the integer nearest n/2.
func maxDeviation(mean string, n int) float64 {
	half := unit(mean)/2 + 1e-9
	from, to := max(value(mean)-half, 0)*float64(n), min(value(mean)+half, 1)*float64(n)
	switch {
	case from > to:
		return math.Inf(1) // reported by score-range
	case n == 1:
		return 0
	}
	at := []float64{from, to}
	if a, b := math.Ceil(from), math.Floor(to); a <= b {
		at = append(at, min(max(math.Floor(float64(n)/2), a), b))
	}
	most := 0.0
	for _, s := range at {
		k, f := math.Modf(s)
		most = max(most, k+f*f-s*s/float64(n))
	}
	return math.Sqrt(most / float64(n-1))
}

// twin returns the dataset of Table 2 whose procedure a dataset of Table 4 follows (App. B.3: "the
// same procedures").
func twin(id string) string { return "mnist" + strings.TrimPrefix(id, "fashion") }

func sameProcedure(p *Printed, found func(string, string, ...any)) {
	for _, d := range p.Table4.Datasets {
		e := p.dataset(twin(d.ID))
		if value(d.Features) != value(e.Features) || value(d.Classes) != value(e.Classes) {
			found(p.Table4.Where, "%s is made like %s, which has %s dimensions and %s classes, "+
				"not %s and %s", d.ID, e.ID, e.Features, e.Classes, d.Features, d.Classes)
		}
		// The number of anomalies depends on chance or on the model, except for the pca ones: "the
		// 5% instances with the largest reconstruction error".
		i := slices.IndexFunc(p.Text,
			func(t Text) bool { return t.Dataset == e.ID && t.Quantity == "percent" })
		if strings.HasSuffix(d.ID, "_pca") && i >= 0 && !agree(d.Percent, p.Text[i].Value) {
			found(p.Table4.Where, "%s is made like %s, by taking %s %% of the instances, but "+
				"has %s %%", d.ID, e.ID, p.Text[i].Value, d.Percent)
		}
	}
}
