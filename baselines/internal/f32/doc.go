// Package f32 implements the float32 kernels of every network: matrix products, element-wise
// functions, horizontal sums, the optimisers' updates and training noise.
//
// # One result
//
// Each function has a portable version in Go, always compiled, and on some machines a version
// in assembly (see Kernels). All versions give the same bits, because the order of every
// rounding is part of a function's specification:
//
//   - products of matrices sum over k in ascending order with one fused multiply-add each, so
//     the vectors run over output columns and never over k (zeros of a mostly empty left factor
//     may be skipped where that provably changes no bit);
//   - horizontal sums use 16 lanes (element j goes to lane j mod 16) and one tree (see Dot);
//   - a fused multiply-add, fma(a, b, c) below, rounds once; every other operation is rounded
//     separately;
//   - exp, log, tanh, sigmoid, sine and cosine use fixed polynomials, never package math.
//
// The build tag purego excludes the assembly. The assembly is generated: see TestGenerated.
//
// The payload and sign of a NaN are not specified and may differ between kernels.
//
// # Subnormal numbers
//
// Arithmetic on numbers below 2^-126 is tens of times slower on many processors, and units that
// die or saturate produce little else. No processor mode is changed. Instead the functions whose
// results are fed back into training flush: a result of small magnitude, or -0, becomes +0. The
// documentation of each such function states it; the others follow IEEE 754 exactly.
//
// Small is below 2^-126, the smallest normal number. For factors of matrix products (activations,
// deltas) it is below 2^-63, so that the product of two is zero or normal: a saturated layer's
// deltas have all magnitudes, and without this one in five multiply-adds of a step would have a
// subnormal result.
//
// # Conventions
//
// Matrices are row-major without gaps unless a stride is given. A destination may be identical to a
// source, but partly overlapping slices give undefined results. A function panics if a length or
// shape does not fit.
package f32
