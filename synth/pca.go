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
		Doc: "share of each class, rounded down, that is anomalous", Source: paper41},
}

// pca makes the paper's Xpca: in each class, the images that the class's mean and first principal
// components reconstruct worst (by the sum of squared differences) are the anomalies. Classes and
// images do not change, and the dataset's scaling has no influence.
func pca(ctx context.Context, _ *recipe, m *source.Images, p bench.Params,
	_ uint64) (marks, error) {
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

// part returns floor(share*n). A product that is an integer up to rounding (0.29*100 is
// 28.999999999999996) counts as that integer.
func part(share float64, n int) int { return int(math.Floor(float64(share*float64(n)) + 1e-9)) }

func givenClasses(m *source.Images) []int32 {
	out := make([]int32, m.Count)
	for i, l := range m.Labels {
		out[i] = int32(l)
	}
	return out
}

// imagesOf returns the images of a class.
func imagesOf(m *source.Images, class int) []int {
	var out []int
	for i, l := range m.Labels {
		if int(l) == class {
			out = append(out, i)
		}
	}
	return out
}

// reconstructionErrors returns, for each image at the given places, its squared distance to its
// projection onto the affine space of the images' mean and first k principal components, in units
// of squared pixel values. Rounding affects the order of two images only if their errors agree to
// some 1e-12; a test shows that the gap at the paper's cut is far wider.
func reconstructionErrors(ctx context.Context, m *source.Images, at []int,
	k int) ([]float64, error) {
	sum, cov, err := covariance(ctx, m, at)
	if err != nil {
		return nil, err
	}
	component, err := principal(cov, m.Size(), k)
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

// covariance returns the sum of the n images at the given places and n² times their d x d
// covariance matrix. Both are computed from sums of integers, so they are exact in any order.
func covariance(ctx context.Context, m *source.Images,
	at []int) (sum []int64, cov []float64, err error) {
	d := m.Size()
	half := (d + 1) / 2
	sum = make([]int64, d)
	// The sums of products of two pixels; each word holds those for two neighbouring second pixels.
	// Each sum is below 60,000 * 255², which fits 32 bits, so one multiplication computes both and
	// never carries.
	gram := make([]uint64, d*half)
	// Four images at a time, skipping pixels that are zero in all of them, as most are.
	pixel := make([][4]uint64, d)
	place, value := make([]int32, 0, half), make([][4]uint64, 0, half)
	for i := 0; i < len(at); i += 4 {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		clear(pixel)
		for j := range min(4, len(at)-i) {
			for k, p := range m.Image(at[i+j]) {
				pixel[k][j] = uint64(p)
				sum[k] += int64(p)
			}
		}
		place, value = place[:0], value[:0]
		for h := range half {
			v := pixel[2*h]
			if 2*h+1 < d {
				for j, p := range pixel[2*h+1] {
					v[j] |= p << 32
				}
			}
			if v != [4]uint64{} {
				place, value = append(place, int32(h)), append(value, v)
			}
		}
		for a, pa := range place {
			places, values := place[a:], value[a:]
			for k := 2 * int(pa); k < min(2*int(pa)+2, d); k++ {
				row, v := gram[k*half:(k+1)*half], pixel[k]
				for b, pb := range places {
					w := &values[b]
					row[pb] += v[0]*w[0] + v[1]*w[1] + v[2]*w[2] + v[3]*w[3]
				}
			}
		}
	}
	cov = make([]float64, d*d) // integers below 2^53
	n := int64(len(at))
	for a := range d {
		for b := a; b < d; b++ {
			ab := int64(gram[a*half+b/2] >> (32 * (b % 2)) & math.MaxUint32)
			v := float64(n*ab - sum[a]*sum[b])
			cov[a*d+b], cov[b*d+a] = v, v
		}
	}
	return sum, cov, nil
}
