package ensemble

// sparse is a row of features: indices in the weight vector, ascending within a member, and values.
type sparse struct {
	at    []int32
	value []float64
}

// dot returns w·z, in four interleaved sums.
func (z sparse) dot(w []float64) float64 {
	var a, b, c, d float64
	at, value := z.at, z.value[:len(z.at)]
	for len(at) >= 4 {
		a += float64(w[at[0]] * value[0])
		b += float64(w[at[1]] * value[1])
		c += float64(w[at[2]] * value[2])
		d += float64(w[at[3]] * value[3])
		at, value = at[4:], value[4:]
	}
	for i, p := range at {
		a += float64(w[p] * value[i])
	}
	return (a + b) + (c + d)
}

// add adds c z to g.
func (z sparse) add(g []float64, c float64) {
	value := z.value[:len(z.at)]
	for i, p := range z.at {
		g[p] += float64(c * value[i])
	}
}

// square returns |z|².
func (z sparse) square() float64 {
	s := 0.0
	for _, v := range z.value {
		s += float64(v * v)
	}
	return s
}

// objective is AAD's F of one round (Das et al. 2016 and 2018, as in the authors' code):
//
//	F(w) = 1/|A| sum_A [ C_A max(0, q - w·z_i) + C_x max(0, w·z_tau - w·z_i) ]
//	     + 1/|O| sum_O [ C_N max(0, w·z_i - q) + C_x max(0, w·z_i - w·z_tau) ]
//	     + strength/2 |w - prior|²
//
// with C_x terms only for the rows in the constraint set, and strength = rho/sigma².
//
// Vectors are compact: index 0 represents all weights of features that no labelled row and no z_tau
// has ever had. They have always been equal, so one number represents them; rest is how many there
// are.
type objective struct {
	rows     []sparse
	anomaly  []bool
	within   []bool // in the constraint set
	tau      sparse
	q        float64
	cost     Costs
	strength float64
	prior    []float64
	rest     int
}

// shares returns the weights of one row's terms in a batch with the given numbers of anomalies and
// nominals, each taken as at least 1.
func shares(anomalies, nominals int) (a, o float64) {
	return 1 / float64(max(1, anomalies)), 1 / float64(max(1, nominals))
}

// scores sets s[i] = w·z of row batch[i] and returns w·z_tau.
func (f *objective) scores(s []float64, w []float64, batch []int32) float64 {
	for i, r := range batch {
		s[i] = f.rows[r].dot(w)
	}
	return f.tau.dot(w)
}

// value returns F at w over a batch whose scores are s and tau.
func (f *objective) value(w []float64, batch []int32, s []float64, tau float64) float64 {
	var a, o float64
	anomalies := 0
	for i, r := range batch {
		if f.anomaly[r] {
			anomalies++
			a += float64(f.cost.Anomaly * max(0, f.q-s[i]))
			if f.within[r] {
				a += float64(f.cost.Relative * max(0, tau-s[i]))
			}
		} else {
			o += float64(f.cost.Nominal * max(0, s[i]-f.q))
			if f.within[r] {
				o += float64(f.cost.Relative * max(0, s[i]-tau))
			}
		}
	}
	shareA, shareO := shares(anomalies, len(batch)-anomalies)
	return float64(a*shareA) + float64(o*shareO) + f.penalty(w)
}

// penalty returns the prior's term.
func (f *objective) penalty(w []float64) float64 {
	if f.strength == 0 {
		return 0
	}
	e := w[0] - f.prior[0]
	sum := float64(f.rest) * float64(e*e)
	for i := 1; i < len(w); i++ {
		e := w[i] - f.prior[i]
		sum += float64(e * e)
	}
	return f.strength / 2 * sum
}

// gradient sets g to the subgradient of F at w over the batch. At a kink it follows the authors'
// code: a nominal's hinge counts as active, an anomaly's does not.
func (f *objective) gradient(g, w []float64, batch []int32, s []float64, tau float64) {
	if f.strength == 0 {
		clear(g)
	} else {
		for i, v := range w {
			g[i] = float64(f.strength * (v - f.prior[i]))
		}
	}
	anomalies := 0
	for _, r := range batch {
		if f.anomaly[r] {
			anomalies++
		}
	}
	shareA, shareO := shares(anomalies, len(batch)-anomalies)
	ofTau := 0.0
	for i, r := range batch {
		c := 0.0
		if f.anomaly[r] {
			if s[i] < f.q {
				c -= f.cost.Anomaly
			}
			if f.within[r] && s[i] < tau {
				c -= f.cost.Relative
				ofTau += float64(shareA * f.cost.Relative)
			}
			c *= shareA
		} else {
			if s[i] >= f.q {
				c += f.cost.Nominal
			}
			if f.within[r] && s[i] >= tau {
				c += f.cost.Relative
				ofTau -= float64(shareO * f.cost.Relative)
			}
			c *= shareO
		}
		if c != 0 {
			f.rows[r].add(g, c)
		}
	}
	if ofTau != 0 {
		f.tau.add(g, ofTau)
	}
}
