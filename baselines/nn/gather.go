package nn

// A model whose backward pass is not a Pass's (a gradient of a gradient) adds its gradients by
// Gather, and may have a vector of parameters beside the layers.

// Vector adds width parameters to the net, initially zero, that belong to no layer: they come last
// in the arenas, like the biases of a layer without inputs. It returns that layer's index, for
// Layer and Gather; no Pass may go through it. An optimiser's state must be created after it.
func (n *Net) Vector(width int) int {
	n.Layers = append(n.Layers, Layer{In: 0, Out: width, Act: Linear})
	n.Params = append(n.Params, make([]float32, width)...)
	n.Grads = append(n.Grads, make([]float32, width)...)
	n.touched = append(n.touched, false)
	return len(n.Layers) - 1
}

// Gather returns the memory of layer i's gradients. If add is true it holds a contribution of this
// step, to which the caller must add; otherwise the caller must overwrite it. Either must be done
// at once.
func (n *Net) Gather(i int) (dw, db []float32, add bool) {
	dw, db = n.LayerGrads(i)
	add, n.touched[i] = n.touched[i], true
	return dw, db, add
}
