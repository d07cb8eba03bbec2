package synth

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

var pcaParams = []bench.Param{
	{Name: "components", Kind: bench.Int, Default: 2, Min: bench.At(1), Max: bench.At(100),
		Doc: "principal components that reconstruct an image", Source: paper41},
	{Name: "share", Kind: bench.Float, Default: 0.05, Min: bench.At(0), Max: bench.At(1),
		Doc: "of each class, rounded down, is anomalous", Source: paper41},
}

// pca makes the paper's Xpca: in each class, the images that its mean and first principal
// components reconstruct worst (by the sum of squared differences) are the anomalies. Classes and
// images are as they were, and the scaling of the dataset has no influence.
func pca(ctx context.Context, _ *recipe, m *source.Images, p bench.Params, _ uint64) (marks, error) {
	out := marks{anomaly: make([]bool, m.Count), class: givenClasses(m)}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for c := range classes {
		g.Go(func() error {
			at := imagesOf(m, c)
			errs, err := reconstructionErrors(ctx, m, at, p.Int("components"))
			if err != nil {
				return err
			}
			for _, j := range bench.Select(nil, errs, part(p.Float("share"), len(at))) {
				out.anomaly[at[j]] = true // classes do not share images
			}
			return nil
		})
	}
	return out, g.Wait()
}

// part is floor(share*n), where a product that is a whole number but for rounding (0.29*100 is
// 28.999999999999996) counts as that number.
func part(share float64, n int) int { return int(math.Floor(float64(share*float64(n)) + 1e-9)) }

func givenClasses(m *source.Images) []int32 {
	out := make([]int32, m.Count)
	for i, l := range m.Labels {
		out[i] = int32(l)
	}
	return out
}

// imagesOf lists the images of a class.
func imagesOf(m *source.Images, class int) []int {
	var out []int
	for i, l := range m.Labels {
		if int(l) == class {
			out = append(out, i)
		}
	}
	return out
}

// reconstructionErrors returns, for each image at the given places, the squared distance between it
// and its projection onto the affine space of their mean and first k principal components, in
// units of pixel values. Rounding decides the order of two images only where their errors agree to some 1e-12;
// a test shows that the gap at the paper's cut is far wider.
func reconstructionErrors(ctx context.Context, m *source.Images, at []int, k int) ([]float64, error) {
	sum, gram, err := products(ctx, m, at)
	if err != nil {
		return nil, err
	}
	component, err := principal(covariance(sum, gram, len(at)), m.Size(), k)
	if err != nil {
		return nil, err
	}
	errs := make([]float64, len(at))
	x := make([]float64, m.Size())
	for i, image := range at {
		for j, p := range m.Image(image) {
			x[j] = float64(p) - float64(sum[j])/float64(len(at))
		}
		errs[i] = dot(x, x)
		for _, u := range component {
			z := dot(u, x)
			errs[i] -= float64(z * z)
		}
	}
	return errs, nil
}

// products returns the sum of the images and the upper triangle of the sum of their outer
// products (d x d). These are sums of integers, hence exact in any order, and 60,000 * 255²
// fits 32 bits. Four images at a time, over the pixels that any of them has, as most are zero.
func products(ctx context.Context, m *source.Images, at []int) (sum []int64, gram []uint32, err error) {
	d := m.Size()
	sum, gram = make([]int64, d), make([]uint32, d*d)
	blank := make([]byte, d)
	place, value := make([]int32, 0, d), make([][4]uint32, 0, d)
	for i := 0; i < len(at); i += 4 {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		images := [4][]byte{blank, blank, blank, blank}
		for j := range min(4, len(at)-i) {
			images[j] = m.Image(at[i+j])
		}
		place, value = place[:0], value[:0]
		for j := range d {
			v := [4]uint32{uint32(images[0][j]), uint32(images[1][j]), uint32(images[2][j]), uint32(images[3][j])}
			if v != [4]uint32{} {
				sum[j] += int64(v[0] + v[1] + v[2] + v[3])
				place, value = append(place, int32(j)), append(value, v)
			}
		}
		for a, pa := range place {
			row, v, values := gram[int(pa)*d:int(pa+1)*d], value[a], value[a:]
			for b, pb := range place[a:] {
				w := &values[b]
				row[pb] += v[0]*w[0] + v[1]*w[1] + v[2]*w[2] + v[3]*w[3]
			}
		}
	}
	return sum, gram, nil
}

// covariance returns n² times the covariance (d x d) from products' sums over n images: integers
// below 2^53, hence exact.
func covariance(sum []int64, gram []uint32, n int) []float64 {
	d := len(sum)
	cov := make([]float64, d*d)
	for a := range d {
		for b := a; b < d; b++ {
			v := float64(int64(n)*int64(gram[a*d+b]) - sum[a]*sum[b])
			cov[a*d+b], cov[b*d+a] = v, v
		}
	}
	return cov
}
