package theory

import (
	"math"
	"math/rand/v2"

	"github.com/uaibench/uaibench/bench/detmath"
)

// dirichlet draws a distribution on a number of symbols from the symmetric Dirichlet distribution.
// Probabilities below 1e-200, which are frequent at small concentrations, are set to 0, so that
// products with the others are normal numbers.
func dirichlet(rng *rand.Rand, symbols int, concentration float64) []float64 {
	p := make([]float64, symbols)
	top := math.Inf(-1)
	for i := range p {
		p[i] = logGamma(rng, concentration)
		top = max(top, p[i])
	}
	sum := 0.0
	for i, l := range p {
		p[i] = detmath.Exp(l - top)
		sum += p[i]
	}
	for i := range p {
		if p[i] /= sum; p[i] < 1e-200 {
			p[i] = 0
		}
	}
	return p
}

// logGamma draws the logarithm of a gamma variable of scale 1: by Marsaglia and Tsang (2000), and
// for a shape below 1 as a variable of shape + 1 times a power of a uniform one.
func logGamma(rng *rand.Rand, shape float64) float64 {
	if shape < 1 {
		return logGamma(rng, shape+1) + detmath.Ln(1-rng.Float64())/shape
	}
	d := shape - 1.0/3
	c := 1 / math.Sqrt(9*d)
	for {
		x := detmath.Normal(rng)
		v := 1 + float64(c*x)
		if v <= 0 {
			continue
		}
		v = v * v * v
		u := 1 - rng.Float64()
		if detmath.Ln(u) < float64(0.5*x*x)+d-float64(d*v)+float64(d*detmath.Ln(v)) {
			return detmath.Ln(d * v)
		}
	}
}
