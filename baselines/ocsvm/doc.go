// Package ocsvm implements the one-class support vector machine of Schölkopf et al. 2001 with a
// Gaussian kernel.
//
// Training minimises the dual
//
//	½ Σ_ij α_i α_j K(x_i, x_j),  0 <= α_i <= 1,  Σ_i α_i = ν n,  K(x, y) = exp(-γ |x - y|²)
//
// (the paper's α times ν n, as in LIBSVM and scikit-learn) by sequential minimal optimisation: two
// α at a time, chosen by second-order information (Fan, Chen and Lin 2005), with shrinking and a
// bounded cache of the kernel's columns (Chang and Lin 2011). The decision function is f(x) = Σ_i
// α_i K(x_i, x) - ρ, negative outside.
//
// The solver's kernel values are rounded to float32, as in LIBSVM, which doubles the capacity of
// the cache; all sums are float64 in a fixed order. The same data gives the same bytes for any
// number of threads and any cache.
package ocsvm
