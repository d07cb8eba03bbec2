package bench

// Network describes a network with a UAI layer for a diagram (the paper's Figures 1 and 5): which
// blocks are computed from which, and along which flows gradients propagate back.
type Network struct {
	Base   string  // "DAE"
	Blocks []Block // in topological order
	Flows  []Flow
	Latent int // the block that is l
	Score  int // the block that is s
}

// Networker is a Learner that describes its network. Network may build the network for d's shape
// (n, d and C; no row is read), so a learner on which it was called before the first Train must not
// be trained.
type Networker interface {
	Network(d Data) (Network, error)
}

// BlockKind is the kind of a Block.
type BlockKind uint8

const (
	DataBlock  BlockKind = iota // given: a row, its class, the expert's answer
	DenseBlock                  // a layer with weights, act(x·W + b)
	ValueBlock                  // computed without weights
	LossBlock                   // minimised by training
)

// Block is a part of a Network.
type Block struct {
	Kind       BlockKind
	Name       string // "x", "l", "s"; may be empty for a hidden layer
	Width      int    // numbers a row
	Activation string // of a dense layer: "relu", …
	Formula    string // of a value or a loss
	Weights    int    // trainable parameters, biases included
	UAI        bool   // part of the UAI layer, not of the base
}

// Flow is an edge from a block to one that is computed from it.
type Flow struct {
	From, To int
	Base     bool // the base loss's gradient propagates back along it
	UAI      bool // the UAI layer's cross-entropy's gradient does
	// The cross-entropy's gradient stops here: the UAI layer takes the input as a constant
	Stop bool
}

// Trained reports which losses train the weights of block i: those whose gradient propagates back
// to it.
func (n Network) Trained(i int) (base, uai bool) {
	for _, f := range n.Flows {
		if f.From == i {
			base, uai = base || f.Base, uai || f.UAI
		}
	}
	return base, uai
}
