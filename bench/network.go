package bench

// Network is a built network with a UAI layer on it, as a diagram shows it (the paper's Figures 1
// and 5): what is computed from what, and along which of these ways gradients go back.
type Network struct {
	Base   string  // "DAE"
	Blocks []Block // each after all that it is computed from
	Flows  []Flow
	Latent int // the block that is l
	Score  int // the block that is s
}

// Networker is a Learner that shows what it is built of. Network may build it for data of d's shape
// (n, d and C; no row is read), so a learner that was asked before its first Train must not be
// trained.
type Networker interface {
	Network(d Data) (Network, error)
}

// BlockKind says what a Block is.
type BlockKind uint8

const (
	DataBlock  BlockKind = iota // given: a row, its class, the expert's answer
	DenseBlock                  // a layer with weights, act(x·W + b)
	ValueBlock                  // computed without weights
	LossBlock                   // what training makes small
)

// Block is one of a Network's parts.
type Block struct {
	Kind       BlockKind
	Name       string // "x", "l", "s"; may be empty for a hidden layer
	Width      int    // numbers a row
	Activation string // of a dense layer: "relu", …
	Formula    string // of a value or a loss
	Weights    int    // parameters that training changes, biases included
	UAI        bool   // it belongs to the UAI layer, not to its base
}

// Flow is a way from a block to one that is computed from it.
type Flow struct {
	From, To int
	Base     bool // the gradient of the base's loss goes back along it
	UAI      bool // the gradient of the UAI layer's cross-entropy does
	// The cross-entropy's gradient ends here: what comes along it is a constant for the layer
	Stop bool
}

// Trained tells which losses change the weights of block i: those whose gradient comes back to it.
func (n Network) Trained(i int) (base, uai bool) {
	for _, f := range n.Flows {
		if f.From == i {
			base, uai = base || f.Base, uai || f.UAI
		}
	}
	return base, uai
}
