package deep

import "github.com/uaibench/uaibench/baselines/internal/f32"

// The forward pass, and backpropagation through a gradient. Rows are independent except in the sums
// of the parameters' gradients. For each row, with σ_l = softplus'(h_{l-1}·W_l + b_l), a sigmoid:
//
// The slope of the energy is computed from the top layer down, with g_l the derivative of Σ_j h_L,j
// with respect to h_l:
//
//	g_L = 1;   u_l = g_l ⊙ σ_l;   g_{l-1} = u_l·W_lᵀ;   dE/dx = x - b' - g_0;   f = b' + g_0
//
// So f is itself a net, which uses every W_l twice. Its loss Λ = ||x - f||² · weight/B is
// propagated back by the chain rule, first upwards, the reverse of the order in which g is
// computed, with q_l = dΛ/dg_l:
//
//	q_0 = dΛ/df = 2 weight/B (f - x)   which also is dΛ/db'
//	v_l = q_{l-1}·W_l (that is dΛ/du_l);   dΛ/dW_l gets q_{l-1}ᵀ·u_l
//	q_l = v_l ⊙ σ_l;   p_l = v_l ⊙ g_l ⊙ σ_l(1-σ_l) = v_l ⊙ u_l ⊙ (1-σ_l)   (σ's own derivative)
//
// and then downwards, the reverse of the order in which h is computed, with t_l the total
// derivative with respect to h_{l-1}·W_l + b_l, to which the UAI layer's dl is added at the top:
//
//	t_L = p_L + dl ⊙ σ_L;   t_l = p_l + (t_{l+1}·W_{l+1}ᵀ) ⊙ σ_l
//	dΛ/dW_l gets h_{l-1}ᵀ·t_l;   dΛ/db_l gets Σ over rows of t_l
//
// g_L is constant, so q_L is not propagated.

// below returns the width and the rows of h_l's input, h_{l-1} (l from 0: the pass's layer).
func (m *DSEBM) below(l int) (width int, x []float32) {
	if l == 0 {
		return m.from.Cols, m.input
	}
	return m.set.Hidden[l-1], m.pass.Out(l - 1)
}

// valueRows computes h_l, σ_l and the energy of rows [lo, hi).
func (m *DSEBM) valueRows(member, lo, hi int) {
	work := m.net.Team().Workspace(member)
	for l, out := range m.set.Hidden {
		in, x := m.below(l)
		w, b := m.net.Layer(l)
		a := m.up[l][lo*out : hi*out] // shares u_l's memory: u_l is computed later
		work.Gemm(false, hi-lo, out, in, x[lo*in:], in, 1, w, out, 1, a, out)
		f32.AddRow(a, hi-lo, out, b)
		f32.Softplus(m.pass.Out(l)[lo*out:hi*out], m.slope[l][lo*out:hi*out], a)
	}
	m.energy(lo, hi)
}

// slopeRows computes u_l, f and ||x - f||² of rows [lo, hi).
func (m *DSEBM) slopeRows(member, lo, hi int) {
	work := m.net.Team().Workspace(member)
	top := len(m.set.Hidden) - 1
	out := m.set.Hidden[top]
	copy(m.up[top][lo*out:hi*out], m.slope[top][lo*out:hi*out])
	for l := top; l >= 0; l-- {
		out := m.set.Hidden[l]
		in, _ := m.below(l)
		w, _ := m.net.Layer(l)
		g := m.f
		if l > 0 {
			g = m.up[l-1]
		}
		g = g[lo*in : hi*in]
		work.Gemm(false, hi-lo, in, out, m.up[l][lo*out:], out, 1, w, 1, out, g, in)
		if l > 0 {
			multiply(g, m.slope[l-1][lo*in:hi*in])
		}
	}
	d := m.from.Cols
	_, visible := m.net.Layer(m.visible)
	f, x := m.f[lo*d:hi*d], m.target[lo*d:hi*d]
	f32.AddRow(f, hi-lo, d, visible)
	f32.SquaredDistances(m.loss[lo:hi], x, f, hi-lo, d)
}

// backRows computes q_l and t_l of rows [lo, hi).
func (m *DSEBM) backRows(member, lo, hi int) {
	work := m.net.Team().Workspace(member)
	if m.scale != 0 {
		d := m.from.Cols
		q := m.residual[lo*d : hi*d]
		f32.DiffScaled(q, m.f[lo*d:hi*d], m.target[lo*d:hi*d], m.scale)
		f32.Flush(q)
		for l, out := range m.set.Hidden {
			in, _ := m.below(l)
			w, _ := m.net.Layer(l)
			from, to := lo*out, hi*out
			v, t := m.change[l][from:to], m.pass.Delta(l)[from:to]
			s, u := m.slope[l][from:to], m.up[l][from:to]
			work.Gemm(false, hi-lo, out, in, q, in, 1, w, out, 1, v, out)
			for i, p := range v {
				t[i] = float32(float32(p*u[i]) * float32(1-s[i]))
			}
			multiply(v, s)
			q = v
		}
	}
	for l := len(m.set.Hidden) - 1; l >= 0; l-- {
		out := m.set.Hidden[l]
		from, to := lo*out, hi*out
		t := m.pass.Delta(l)[from:to]
		var g []float32 // the derivative with respect to h_l
		switch {
		case l < len(m.set.Hidden)-1:
			above := m.set.Hidden[l+1]
			w, _ := m.net.Layer(l + 1)
			g = m.back[lo*m.widest:][:(hi-lo)*out] // threads can be at different layers
			work.Gemm(false, hi-lo, out, above, m.pass.Delta(l + 1)[lo*above:], above, 1, w, 1,
				above, g, out)
		case m.dl != nil:
			g = m.dl[from:to]
		}
		if m.scale == 0 {
			clear(t)
		}
		s := m.slope[l][from:to]
		for i, v := range g {
			t[i] += float32(v * s[i])
		}
		f32.Flush(t)
	}
}

// gradParts computes parts [lo, hi) of one part per thread, of every layer: a share of the rows of
// dW, and the sums over rows for the layers assigned to the part.
func (m *DSEBM) gradParts(member, lo, hi int) {
	work, parts, b := m.net.Team().Workspace(member), m.net.Team().Threads(), m.pass.Rows()
	for l, out := range m.set.Hidden {
		in, x := m.below(l)
		q := m.residual
		if l > 0 {
			q = m.change[l-1]
		}
		dw, db := m.net.LayerGrads(l)
		add := m.add[l]
		from, to := in*lo/parts, in*hi/parts
		if m.scale != 0 {
			work.Gemm(add, to-from, out, b, q[from:], 1, in, m.up[l], out, 1, dw[from*out:], out)
		}
		work.Gemm(add || m.scale != 0, to-from, out, b, x[from:], 1, in, m.pass.Delta(l), out, 1,
			dw[from*out:], out)
		if turn := l % parts; lo <= turn && turn < hi {
			f32.SumRows(db, m.pass.Delta(l), b, out, add)
		}
	}
	if m.scale != 0 && lo == 0 {
		_, db := m.net.LayerGrads(m.visible)
		f32.SumRows(db, m.residual[:b*m.from.Cols], b, m.from.Cols, m.add[m.visible])
	}
}

// multiply sets x[i] *= by[i], and flushes.
func multiply(x, by []float32) {
	for i, v := range by {
		x[i] *= v
	}
	f32.Flush(x)
}
