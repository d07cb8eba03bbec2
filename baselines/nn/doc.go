// Package nn implements the parts of the paper's networks: dense layers with hand-written forward
// and backward passes, TensorFlow 1.x's RMSprop, Adam, minibatches. There is no autograd: every
// layer is small, and tests compare every backward pass with finite differences.
//
// Legend: B rows of a batch, in/out the widths of a layer. Matrices are row-major: activations B x
// width, weights in x out, so that forward is X·W, the weight gradient Xᵀ·dY and the input gradient
// dY·Wᵀ.
//
// All arithmetic is float32 in package f32, with the same bits on every kernel.
package nn
