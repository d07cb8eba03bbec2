package deep

import (
	"fmt"
	"strconv"

	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// sketcher is a Base that describes its structure once it is prepared; d is the data that it was
// prepared for.
type sketcher interface {
	sketch(k *sketch, d bench.Data)
}

// sketch builds a Network.
type sketch struct{ bench.Network }

// add appends a block that is computed from others, and returns its index. The base's gradient
// flows back along every edge except those from data.
func (k *sketch) add(b bench.Block, from ...int) int {
	to := len(k.Blocks)
	k.Blocks = append(k.Blocks, b)
	for _, i := range from {
		k.Flows = append(k.Flows, bench.Flow{From: i, To: to, Base: !b.UAI &&
			k.Blocks[i].Kind != bench.DataBlock})
	}
	return to
}

// constant removes the base's gradient from the edge between two blocks.
func (k *sketch) constant(from, to int) {
	for i, f := range k.Flows {
		if f.From == from && f.To == to {
			k.Flows[i].Base = false
		}
	}
}

func (k *sketch) data(name string, width int) int {
	return k.add(bench.Block{Kind: bench.DataBlock, Name: name, Width: width})
}

func (k *sketch) value(name string, width int, formula string, from ...int) int {
	return k.add(bench.Block{Kind: bench.ValueBlock, Name: name, Width: width, Formula: formula},
		from...)
}

func (k *sketch) loss(formula string, from ...int) {
	k.add(bench.Block{Kind: bench.LossBlock, Name: "loss", Width: 1, Formula: formula}, from...)
}

// layers appends some of a net's layers, each on the last, and returns the index of the last one.
// act is their activation if it is computed outside the net; "": the net's own.
func (k *sketch) layers(layers []nn.Layer, from int, act string, uai bool) int {
	for _, l := range layers {
		b := bench.Block{Kind: bench.DenseBlock, Width: l.Out, Activation: act,
			Weights: (l.In + 1) * l.Out, UAI: uai}
		if act == "" {
			b.Activation = l.Act.Name()
		}
		from = k.add(b, from)
	}
	return from
}

func (k *sketch) name(i int, name string) { k.Blocks[i].Name = name }

// noisyInput appends the input with noise; without noise it returns the input itself.
func (k *sketch) noisyInput(x int, level float32, masking bool, when string) int {
	switch v := short(level); {
	case level == 0:
		return x
	case masking:
		return k.add(bench.Block{Kind: bench.DataBlock, Name: "x, masked", Width: k.Blocks[x].Width,
			Formula: v + " set to 0, " + when}, x)
	default:
		return k.add(bench.Block{Kind: bench.DataBlock, Name: "x + e", Width: k.Blocks[x].Width,
			Formula: "e ~ N(0, " + v + "²), " + when}, x)
	}
}

func short(v float32) string { return strconv.FormatFloat(float64(v), 'g', 4, 32) }

// code appends encoder and decoder.
func (n *network) code(k *sketch, from int) (l, out int) {
	l = k.layers(n.net.Layers[:n.latent+1], from, "", false)
	k.name(l, "l")
	out = k.layers(n.net.Layers[n.latent+1:], l, "", false)
	k.name(out, "x'")
	return l, out
}

func (m *DAE) sketch(k *sketch, d bench.Data) {
	k.Base = "DAE"
	x := k.data("x", d.X.Cols)
	when := "when training"
	if m.opt.NoisyScore {
		when = "always"
	}
	l, out := m.network.code(k, k.noisyInput(x, m.opt.Noise, m.opt.Masking, when))
	formula := "||x − x'||²"
	if m.opt.MeanFeatures {
		formula += fmt.Sprintf(" / %d", d.X.Cols)
	}
	k.Latent, k.Score = l, k.value("s", 1, formula, x, out)
	k.loss("mean of s", k.Score)
}

func (m *Class) sketch(k *sketch, d bench.Data) {
	k.Base = "Class"
	x := k.data("x", d.X.Cols)
	k.Latent = k.layers(m.net.Layers[:m.latent+1], x, "", false)
	k.name(k.Latent, "l")
	z := k.layers(m.net.Layers[m.latent+1:], k.Latent, "", false)
	p := k.value("p", k.Blocks[z].Width, "softmax of the previous layer", z)
	c := k.data("c", 1)
	k.Score = k.value("s", 1, "−log p(c)", p, c)
	k.loss("mean of s", k.Score)
}

func (m *PAE) sketch(k *sketch, d bench.Data) {
	k.Base = "PAE"
	x := k.data("x", d.X.Cols)
	l, out := m.network.code(k, x)
	k.Latent, k.Score = l, k.value("s", 1, "||x − x'||²", x, out)
	k.loss("mean of s", k.Score)
}

func (m *DCN) sketch(k *sketch, d bench.Data) {
	k.Base = "DCN"
	x := k.data("x", d.X.Cols)
	l, out := m.network.code(k, x)
	k.Latent = l
	k.Score = k.value("s", 1, fmt.Sprintf("||l − nearest of %d centres||", m.opt.Clusters), l)
	// the loss has a separate distance, to the row's own centre
	k.constant(l, k.Score)
	k.loss("mean of ||x − x'||² + "+short(m.opt.Lambda/2)+" ||l − own centre||²", x, l, out)
}

func (m *DSEBM) sketch(k *sketch, d bench.Data) {
	k.Base = "DSEBM"
	x := k.data("x", d.X.Cols)
	in := k.noisyInput(x, m.opt.Noise, false, "when training")
	k.Latent = k.layers(m.net.Layers[:m.latent+1], in, "softplus", false)
	k.name(k.Latent, "l")
	e := k.add(bench.Block{Kind: bench.ValueBlock, Name: "E", Width: 1,
		Formula: "½||x − b'||² − the sum of l, where b' is trained",
		Weights: m.net.Layers[m.visible].Out}, in, k.Latent)
	f := k.value("f(x)", d.X.Cols, "x − dE/dx", in, e)
	if m.opt.Slope {
		k.Score = k.value("s", 1, "||x − f(x)||²", x, f)
		k.loss("mean of s", k.Score)
		return
	}
	k.Score = e
	k.name(e, "s = E")
	k.loss("mean of ||x − f(x)||²", x, f)
}

func (m *DAGMM) sketch(k *sketch, d bench.Data) {
	k.Base = "DAGMM"
	x := k.data("x", d.X.Cols)
	code, out := m.network.code(k, x)
	z := k.value("z", m.estimation.hidden.Layers[0].In, "code, ||x − x'||/||x||, cos(x, x')", x,
		code, out)
	k.Latent = code
	if m.opt.Features {
		k.name(code, "code")
		k.name(z, "z = l")
		k.Latent = z
	}
	g := k.layers(m.estimation.hidden.Layers, z, "", false)
	if m.opt.Keep < 1 {
		g = k.value("dropout", k.Blocks[g].Width, "keeps "+short(m.opt.Keep)+" when training", g)
	}
	g = k.layers(m.estimation.head.Layers, g, "", false)
	g = k.value("members", k.Blocks[g].Width, "softmax of the previous layer", g)
	k.Score = k.value("s", 1, fmt.Sprintf("energy of z, %d Gaussians", m.opt.Components), z, g)
	square := "||x − x'||²"
	if m.opt.MeanFeatures {
		square += fmt.Sprintf(" / %d", d.X.Cols)
	}
	k.loss(fmt.Sprintf("mean of %s + %v s, and %v times the sum of 1/variance", square,
		m.opt.Energy, m.opt.Covariance), x, out, k.Score)
}

// Network: see bench.Networker.
func (u *UAI) Network(d bench.Data) (bench.Network, error) {
	if u.layer == nil {
		if err := u.prepare(d); err != nil {
			return bench.Network{}, err
		}
		u.build(d)
	}
	base, ok := u.base.(sketcher)
	if !ok {
		panic(fmt.Sprintf("deep: a %T cannot be sketched", u.base))
	}
	var k sketch
	base.sketch(&k, d)
	l, s := k.Latent, k.Score

	formula := map[ScoreScale]string{Standardized: "s standardized",
		Running: "s standardized by running moments", LogScore: "log(1 + s)"}[u.opt.Score]
	both := k.add(bench.Block{Kind: bench.ValueBlock, Name: "[l; s]", Width: u.layer.Layers[0].In,
		Formula: formula, UAI: true}, l, s)
	logit := k.layers(u.layer.Layers, both, "", true)
	k.name(logit, "logit")
	out := k.add(bench.Block{Kind: bench.ValueBlock, Name: "s_uai", Width: 1,
		Formula: "sigmoid of the logit", UAI: true}, logit)
	y := k.add(bench.Block{Kind: bench.DataBlock, Name: "y", Width: 1, UAI: true})
	k.add(bench.Block{Kind: bench.LossBlock, Name: "loss", Width: 1,
		Formula: "cross-entropy of audited rows", UAI: true}, out, y)

	// The layer's gradient flows back to [l; s], and from there to all blocks that l is computed
	// from.
	reached := map[int]bool{l: !u.opt.Stop}
	for i := len(k.Flows) - 1; i >= 0; i-- { // a block comes after its inputs
		f := &k.Flows[i]
		switch to := k.Blocks[f.To]; {
		case f.To == both:
			f.UAI = f.From == l && !u.opt.Stop
			f.Stop = !f.UAI
		case to.UAI:
			f.UAI = f.From != y
		case reached[f.To] && k.Blocks[f.From].Kind != bench.DataBlock:
			f.UAI, reached[f.From] = true, true
		}
	}
	return k.Network, nil
}
