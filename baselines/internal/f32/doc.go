// Package f32 holds the float32 kernels that every network runs on: matrix products,
// element-wise functions, horizontal sums, the RMSprop update and training noise.
//
// # One result
//
// Each function has a portable version in Go, always compiled, and on some machines a version
// in assembly (see Kernels). All versions give the same bits, because the order of every
// rounding is part of a function's specification:
//
//   - products of matrices sum over k in ascending order with one fused multiply-add each, so
//     the vectors run over output columns and never over k (zeros of a mostly empty left factor
//     may be left out where that provably changes no bit);
//   - horizontal sums use 16 lanes (element j goes to lane j mod 16) and one tree (Dot tells
//     it);
//   - a fused multiply-add, fma(a, b, c) below, rounds once; every other operation rounds by
//     itself;
//   - exp, log, tanh, sigmoid, the sine and cosine are fixed polynomials, never the ones of
//     package math.
//
// The build tag purego leaves the assembly out. The assembly is generated: see TestGenerated.
//
// Which NaN a NaN is stays open: payload and sign of a NaN may differ between kernels.
//
// # Subnormal numbers
//
// Arithmetic on numbers below 2^-126 is tens of times slower on many processors, and units that
// die or saturate produce little else. No processor mode is changed. Instead the functions whose
// results are fed back into training flush: a result of small magnitude becomes +0 (and so does
// -0). Each such function says so; the others follow IEEE 754 to the letter.
//
// Small is below 2^-126, the smallest normal number; for what becomes a factor of a product of
// matrices (activations, deltas) it is below 2^-63, so that the product of two is zero or normal.
// A saturated layer's deltas have all magnitudes, and otherwise one in five multiply-adds of a
// step has a subnormal result.
//
// # Conventions
//
// Matrices are row-major without gaps unless a stride is given. A destination may be one of the
// sources, entirely or not at all: partly overlapping slices give undefined results. A length
// or shape that does not fit panics.
package f32
