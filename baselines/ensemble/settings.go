package ensemble

// Prior is the strength with which F pulls w towards a mean.
type Prior uint8

const (
	NoPrior  Prior = iota // rho = 0
	Fixed                 // rho = 1
	Adaptive              // rho = 1 / max(1, number of labels so far)
)

// AADSettings are the settings of the weight learning (Das et al. 2016, 2018). TreeAADSettings and
// LODAAADSettings return the authors' of 2018; a zero here means zero, except in the optimisers'
// fields.
type AADSettings struct {
	Costs    Costs
	Tau      float64 // share of the pool above the quantile
	Prior    Prior
	Sigma2   float64
	Previous bool // the prior's mean is the last round's w instead of the uniform one
	// rows of each kind in the constraint set (the C_x terms), drawn at random each round
	Anomalies int
	Nominals  int
	UnitNorm  bool // rows of features scaled to unit length
	Memory    int  // labels in F, the most recent ones; 0: all
	Exact     bool // the exact optimiser instead of the authors'
	RMSprop   RMSprop
	Solver    Exact
	Seed      uint64
}

// Costs are the hinge weights C_A, C_N and C_x.
type Costs struct{ Anomaly, Nominal, Relative float64 }

// TreeAADSettings returns the settings of Tree-AAD in the authors' script.
func TreeAADSettings() AADSettings {
	return AADSettings{
		Costs: Costs{1, 1, 1}, Tau: 0.03, Prior: Adaptive, Sigma2: 0.5,
		Anomalies: 1000, Nominals: 1000, UnitNorm: true,
	}
}

// LODAAADSettings returns those of LODA-AAD. The script sets a fixed prior, but the code's LODA
// never sets the prior's mean, and the loss then leaves the term out.
func LODAAADSettings() AADSettings {
	return AADSettings{Costs: Costs{100, 1, 0.001}, Tau: 0.03, Prior: NoPrior, Sigma2: 0.5,
		Anomalies: 100, Nominals: 100}
}
