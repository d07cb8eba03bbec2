package deep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/uaibench/uaibench/baselines/internal/f32"
	"github.com/uaibench/uaibench/baselines/internal/kmeans"
	"github.com/uaibench/uaibench/baselines/internal/state"
	"github.com/uaibench/uaibench/bench"
)

// DCN is the deep clustering network of Yang, Fu, Sidiropoulos and Hong (2017): an autoencoder
// whose codes are attracted to the centres of K clusters,
//
//	loss = mean over the batch of ||x - x^||² + λ/2 ||code - own centre||²
//
// It follows the authors' code: the layers are pre-trained one by one, then end to end; K-means on
// the codes places the centres; from then on each step
//
//  1. updates the network, with the current assignments;
//  2. assigns the batch's rows anew, by the codes of the new network;
//  3. for each of these rows in turn, sets count += 1 and centre += (code - centre) / count;
//
// and a full K-means runs every ten epochs from the current centres. Counts begin at 100. s(x) is
// the distance to the nearest centre (Zong et al. 2018), l the code. The authors' layer-wise
// pre-training ties each decoder to its encoder; here the weights are untied, as in the network.
//
// A cluster that loses its last row ends the training with an error.
type DCN struct {
	autoencoder
	opt DCNSettings

	centres []float32 // K x h; nil: not yet placed
	counts  []int64   // divisors of the running means
	own     []int32   // len n: cluster of each row of the training data
	sizes   []int     // rows of each cluster
	taken   int64     // steps since the centres were placed
	every   int64     // steps between two full K-means

	data      bench.Data // of the last Training batch
	batch     []int      // its rows; empty after the step
	pulls     []float32  // B x h: gradient of the clustering term at the codes
	pulled    []float32  // len B: the clustering term by row, without λ/2
	block     []int
	km        *kmeans.Model[float32]
	codesOnly bool // the last Forward ended at the codes (LabelledOnly)
	failed    error
}

// iterations limits Lloyd's algorithm, as in scikit-learn.
const iterations = 300

// DCNSettings are the settings of a DCN. Zero values mean those in brackets.
type DCNSettings struct {
	AutoencoderSettings
	EndSteps int     // steps of the end-to-end pre-training; 0: none
	Clusters int     // K (2)
	Lambda   float32 // λ; 0: the centres follow the codes without attracting them
	Restarts int     // runs of the first K-means (10)
	Every    int     // epochs between two full K-means (10)
	Count    int     // initial counts of the running means (100)
}

// NewDCN returns an untrained DCN.
func NewDCN(s DCNSettings) *DCN {
	s.Clusters, s.Restarts = cmp.Or(s.Clusters, 2), cmp.Or(s.Restarts, 10)
	s.Every, s.Count = cmp.Or(s.Every, 10), cmp.Or(s.Count, 100)
	return &DCN{autoencoder: newAutoencoder(s.AutoencoderSettings), opt: s}
}

// Prepare builds the network for d features; fewer rows than clusters are an error.
func (m *DCN) Prepare(d bench.Data) error {
	n, h, b := d.Rows(), m.LatentDim(), m.set.Batch
	if n < m.opt.Clusters {
		return fmt.Errorf("dcn: %d clusters, but only %d rows", m.opt.Clusters, n)
	}
	m.prepare(d, "dcn")
	m.km = kmeans.New[float32](n, h, m.opt.Clusters)
	m.every = int64(m.opt.Every * max(1, n/b))
	m.batch, m.block = make([]int, 0, b), make([]int, b)
	m.pulls, m.pulled = make([]float32, b*h), make([]float32, b)
	m.own = make([]int32, n)
	m.sizes, m.counts = make([]int, m.opt.Clusters), make([]int64, m.opt.Clusters)
	return nil
}

// Pretrain: see Pretrainer. It runs the greedy layers and the end-to-end steps, and places the
// first centres.
func (m *DCN) Pretrain(ctx context.Context, d bench.Data, s *Steps) error {
	if err := m.greedy(ctx, d, s); err != nil {
		return err
	}
	for range m.opt.EndSteps {
		m.Forward(Training, d, s.Next())
		loss := m.Backward(1, nil)
		m.Step()
		if err := s.Done(loss); err != nil {
			return err
		}
	}
	return m.place(ctx, d)
}

// place computes the first centres.
func (m *DCN) place(ctx context.Context, d bench.Data) error {
	m.encode(d)
	if err := m.km.Best(ctx, m.opt.Restarts, iterations,
		bench.NewStream(m.set.Seed, "k-means")); err != nil {
		return fmt.Errorf("dcn: %w", err)
	}
	for c := range m.counts {
		m.counts[c] = int64(m.opt.Count)
	}
	m.centres = make([]float32, len(m.km.Centres))
	m.takeClusters()
	return nil
}

// takeClusters copies the result of a K-means into the model.
func (m *DCN) takeClusters() {
	copy(m.centres, m.km.Centres)
	copy(m.own, m.km.Own)
	copy(m.sizes, m.km.Sizes)
}

// encode computes the codes of all rows of d for a K-means.
func (m *DCN) encode(d bench.Data) {
	h := m.LatentDim()
	for at := 0; at < d.Rows(); at += m.set.Batch {
		rows := m.block[:min(m.set.Batch, d.Rows()-at)]
		for i := range rows {
			rows[i] = at + i
		}
		m.load(d.X, rows)
		m.pass.ForwardTo(m.latent)
		copy(m.km.X[at*h:], m.pass.Out(m.latent))
	}
}

// Forward: see Base. DCN has no noise, so l and s do not depend on the mode.
func (m *DCN) Forward(mode Mode, d bench.Data, rows []int) (l, s []float32) {
	if m.codesOnly = mode == LabelledOnly; m.codesOnly {
		m.load(d.X, rows)
		m.pass.ForwardTo(m.latent)
	} else {
		m.reconstruct(d, rows)
	}
	l, s = m.pass.Out(m.latent), m.s[:len(rows)]
	if mode == Training {
		m.data, m.batch = d, append(m.batch[:0], rows...)
	}
	h := m.LatentDim()
	for i := range s {
		if s[i] = 0; m.centres != nil {
			_, sq := kmeans.Nearest(m.centres, l[i*h:(i+1)*h])
			s[i] = float32(math.Sqrt(sq))
		}
	}
	return l, s
}

// Backward: see Base.
func (m *DCN) Backward(weight float32, dl []float32) float32 {
	b := m.pass.Rows()
	loss := mean(m.squares[:b])
	if m.failed != nil {
		return float32(math.NaN())
	}
	if m.codesOnly {
		m.back(0, dl)
		return 0
	}
	if m.centres == nil {
		m.back(weight, dl)
		return loss
	}
	h, codes := m.LatentDim(), m.pass.Out(m.latent)
	pulls := m.pulls[:b*h]
	for i, row := range m.rows {
		c := int(m.own[row]) * h
		f32.DiffScaled(pulls[i*h:(i+1)*h], codes[i*h:(i+1)*h], m.centres[c:c+h],
			weight*m.opt.Lambda/float32(b))
		f32.SquaredDistances(m.pulled[i:i+1], codes[i*h:(i+1)*h], m.centres[c:c+h], 1, h)
	}
	if weight != 0 {
		if dl != nil {
			f32.Axpy(pulls, 1, dl)
		}
		dl = pulls
	}
	m.back(weight, dl)
	return loss + float32(m.opt.Lambda/2*mean(m.pulled[:b]))
}

// Step updates the network and, after a training batch, the assignments and centres.
func (m *DCN) Step() {
	m.network.Step()
	if len(m.batch) == 0 {
		return
	}
	if m.centres != nil && m.failed == nil {
		m.follow()
	}
	m.batch = m.batch[:0]
}

// follow carries out items 2 and 3 for the last Training batch, and the full K-means when it is
// due.
func (m *DCN) follow() {
	h := m.LatentDim()
	m.load(m.data.X, m.batch)
	m.pass.ForwardTo(m.latent)
	codes := m.pass.Out(m.latent)
	for i, row := range m.batch {
		c, _ := kmeans.Nearest(m.centres, codes[i*h:(i+1)*h])
		m.sizes[m.own[row]]--
		m.sizes[c]++
		m.own[row] = int32(c)
	}
	for i, row := range m.batch {
		c := int(m.own[row])
		m.counts[c]++
		centre := m.centres[c*h : (c+1)*h]
		for j, x := range codes[i*h : (i+1)*h] {
			centre[j] += float32(float32(x-centre[j]) / float32(m.counts[c]))
		}
	}
	m.taken++
	if m.checkClusters(); m.failed == nil && m.taken%m.every == 0 {
		m.recluster()
	}
}

// checkClusters fails the model if a cluster has no rows.
func (m *DCN) checkClusters() {
	for c, n := range m.sizes {
		if n == 0 {
			m.fail(kmeans.EmptyCluster{Number: c + 1, Of: m.opt.Clusters})
			return
		}
	}
}

// recluster runs a full K-means from the current centres.
func (m *DCN) recluster() {
	m.encode(m.data)
	copy(m.km.Centres, m.centres)
	err := m.km.Check()
	if err == nil {
		_, err = m.km.Lloyd(context.Background(), iterations)
	}
	if err != nil && !errors.As(err, new(kmeans.EmptyCluster)) {
		m.fail(err)
		return
	}
	m.takeClusters()
	m.checkClusters()
}

func (m *DCN) fail(err error) {
	m.failed = fmt.Errorf("dcn: at step %d of the clustering: %w", m.taken, err)
}

// Failure: see Failer.
func (m *DCN) Failure() error { return m.failed }

// Refresh: see Refresher. Centres are updated in every step, so it only reports a cluster that the
// last step emptied. It places the centres of an untrained network.
func (m *DCN) Refresh(ctx context.Context, d bench.Data) error {
	if m.centres == nil {
		return m.place(ctx, d)
	}
	return m.failed
}

// Snapshot: see Base.
func (m *DCN) Snapshot(w io.Writer) error {
	return errors.Join(m.network.Snapshot(w),
		state.Write(w, uint32(len(m.centres)), m.centres, m.counts, m.own, m.taken))
}

// Restore: see Base.
func (m *DCN) Restore(r io.Reader) error {
	var n uint32
	if err := errors.Join(m.network.Restore(r), state.Read(r, &n)); err != nil {
		return err
	}
	if k := len(m.counts) * m.LatentDim(); n != 0 && int(n) != k {
		return fmt.Errorf("dcn: the snapshot has %d numbers of centres, want %d", n, k)
	}
	m.centres = nil
	if n > 0 {
		m.centres = make([]float32, n)
	}
	if err := state.Read(r, m.centres, m.counts, m.own, &m.taken); err != nil {
		return err
	}
	clear(m.sizes)
	for row, c := range m.own {
		if c < 0 || int(c) >= len(m.sizes) {
			return fmt.Errorf("dcn: the snapshot has row %d in cluster %d of %d", row, c+1,
				len(m.sizes))
		}
		m.sizes[c]++
	}
	if m.centres != nil {
		m.checkClusters() // a failed model remains failed
	}
	return nil
}
