// Package nn is what the paper's networks are made of: dense layers with hand-written
// forward/backward pairs, TensorFlow 1.x's RMSprop, Adam, minibatches. No autograd: every layer is
// small enough to be read, and every backward pass is held to finite differences.
//
// Legend: B rows of a batch, in/out the widths of a layer. Matrices are row-major: activations
// B x width, weights in x out, so that forward is X·W, the weight gradient Xᵀ·dY and the input
// gradient dY·Wᵀ.
//
// All arithmetic is float32 in package f32, the same bits with every kernel.
package nn
