package nn

import (
	"fmt"

	"github.com/uaibench/uaibench/baselines/internal/f32"
)

// SoftmaxDelta sets the Delta of the last layer, whose outputs are logits (B x C), to the gradient
// of the mean cross-entropy of their softmax against class (len B, in [0, C)): (softmax - onehot) /
// B.
func (p *Pass) SoftmaxDelta(class []int32) {
	top := len(p.net.Layers) - 1
	classes := p.net.Layers[top].Out
	if len(class) != p.rows {
		panic(fmt.Sprintf("nn: %d classes for a batch of %d rows", len(class), p.rows))
	}
	dz := p.Delta(top)
	f32.SoftmaxRows(dz, nil, p.Out(top), p.rows, classes)
	for i, c := range class {
		dz[i*classes+int(c)] -= 1
	}
	f32.Scale(dz, 1/float32(p.rows))
}
