package nn

import (
	"fmt"
	"io"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// Activation is the activation function of a layer.
type Activation uint8

const (
	Auto Activation = iota // the model's choice for that layer; not valid in a Net
	Linear
	ReLU
	Sigmoid
	Tanh
)

var activations = map[string]Activation{"auto": Auto, "linear": Linear, "relu": ReLU,
	"sigmoid": Sigmoid, "tanh": Tanh}

// Or returns a, or b where a is Auto.
func (a Activation) Or(b Activation) Activation {
	if a == Auto {
		return b
	}
	return a
}

// ParseActivation reads "auto", "linear", "relu", "sigmoid" or "tanh"; it panics on any other name,
// which the method's catalogue must exclude.
func ParseActivation(name string) Activation {
	a, ok := activations[name]
	if !ok {
		panic("nn: unknown activation " + name)
	}
	return a
}

// Layer is a dense layer, y = act(x·W + b), W in x out.
type Layer struct {
	In, Out int
	Act     Activation
}

func (l Layer) size() int { return (l.In + 1) * l.Out }

// Net is a multilayer perceptron. Its parameters are in one arena and its gradients in another:
// layer after layer, W before b.
type Net struct {
	Layers []Layer
	Params []float32
	Grads  []float32 // of the current step; see Pass.Backward and Finish

	touched []bool // layers whose gradient holds a contribution of this step
	team    *f32.Team
}

// NewNet returns a net with widths[0] inputs and a layer for every further width; acts[i] is layer
// i's activation. Kernels are Glorot uniform, U(-q, q) with q = sqrt(6/(in+out)), biases zero
// (TensorFlow 1.x's default for a dense layer), drawn from init in the order of the arena.
func NewNet(widths []int, acts []Activation, init bench.Stream) *Net {
	if len(widths) != len(acts)+1 || len(acts) == 0 {
		panic(fmt.Sprintf("nn: %d widths for %d activations", len(widths), len(acts)))
	}
	n := &Net{touched: make([]bool, len(acts)), team: f32.NewTeam(1)}
	total := 0
	for i, a := range acts {
		if a == Auto {
			panic(fmt.Sprintf("nn: layer %d has no activation", i))
		}
		l := Layer{In: widths[i], Out: widths[i+1], Act: a}
		n.Layers = append(n.Layers, l)
		total += l.size()
	}
	n.Params = make([]float32, total)
	n.Grads = make([]float32, total)
	rng := init.Rand()
	for i, l := range n.Layers {
		w, _ := n.Layer(i)
		q := math.Sqrt(6 / float64(l.In+l.Out))
		for j := range w {
			w[j] = float32(q * (2*rng.Float64() - 1))
		}
	}
	return n
}

// SetThreads sets the number of threads that share the net's passes and updates. Results do not
// depend on it. It must not be called during a pass.
func (n *Net) SetThreads(threads int) { n.team = f32.NewTeam(threads) }

// Team returns the threads that share the net's work.
func (n *Net) Team() *f32.Team { return n.team }

// Layer returns the weights (in x out) and biases (out) of layer i, sharing the arena's memory.
func (n *Net) Layer(i int) (w, b []float32) { return n.part(n.Params, i) }

// LayerGrads returns the gradients of layer i, in the shapes of Layer.
func (n *Net) LayerGrads(i int) (dw, db []float32) { return n.part(n.Grads, i) }

func (n *Net) part(arena []float32, i int) (w, b []float32) {
	at, l := n.Size(i-1), n.Layers[i]
	end := at + l.In*l.Out
	return arena[at:end:end], arena[end : end+l.Out : end+l.Out]
}

// Size returns the number of parameters of layers 0 to top, which come first in the arenas.
func (n *Net) Size(top int) int {
	size := 0
	for _, l := range n.Layers[:top+1] {
		size += l.size()
	}
	return size
}

// Finish completes a step's gradients: layers without a contribution get zero. The next Backward
// starts a new step.
func (n *Net) Finish() { n.FinishTo(len(n.Layers) - 1) }

// FinishTo is Finish for a step that uses only the gradients of layers 0 to top.
func (n *Net) FinishTo(top int) {
	for i, t := range n.touched {
		if !t && i <= top {
			dw, db := n.LayerGrads(i)
			clear(dw)
			clear(db)
		}
		n.touched[i] = false
	}
}

// Snapshot writes the parameters.
func (n *Net) Snapshot(w io.Writer) error { return state.Write(w, n.Params) }

// Restore reads what Snapshot wrote for a net of the same shape.
func (n *Net) Restore(r io.Reader) error { return state.Read(r, n.Params) }
