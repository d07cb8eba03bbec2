package synth

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

// Four points in the plane, by hand: the mean is (10, 10), the covariance diag(50, 2), the first
// component the x axis; the points on it have no error, the others are 2 away from it.
func TestReconstructionErrorsByHand(t *testing.T) {
	m := &source.Images{Count: 4, Height: 1, Width: 2, Pixels: []byte{0, 10, 20, 10, 10, 8, 10, 12}}
	got, err := reconstructionErrors(t.Context(), m, []int{0, 1, 2, 3}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 0, 4, 4} {
		if math.Abs(got[i]-want) > 1e-9 {
			t.Errorf("point %d: squared error %g, want %g", i, got[i], want)
		}
	}
}

// The sums are exact for the most and brightest possible images, and for an odd number of pixels.
func TestCovariance(t *testing.T) {
	const n, d = 60000, 3
	rng := bench.NewStream(1, "test").Rand()
	m := &source.Images{Count: n, Height: 1, Width: d, Pixels: make([]byte, n*d)}
	at := make([]int, n)
	for i := range at {
		at[i] = i
		copy(m.Image(i), []byte{255, byte(rng.IntN(256)), byte(255 * rng.IntN(2))})
	}
	at = at[:n-1] // not a multiple of four
	sum, cov, err := covariance(t.Context(), m, at)
	if err != nil {
		t.Fatal(err)
	}
	for a := range d {
		for b := range d {
			var sa, sb, ab int64
			for _, i := range at {
				pa, pb := int64(m.Image(i)[a]), int64(m.Image(i)[b])
				sa, sb, ab = sa+pa, sb+pb, ab+pa*pb
			}
			if sum[a] != sa || cov[a*d+b] != float64(int64(len(at))*ab-sa*sb) {
				t.Errorf("pixels %d and %d: sum %d, want %d; covariance %g, want %d", a, b, sum[a], sa, cov[a*d+b], int64(len(at))*ab-sa*sb)
			}
		}
	}
}

// A twentieth of each class, rounded down, is anomalous: the images with the largest errors, in the
// classes with the narrowest gaps at the cut, 1.5e-4 (and 2.0e-4) in one set and 3.65e-5 (and
// 5.3e-5) in the other.
func TestPCA(t *testing.T) {
	for _, c := range []struct {
		id      string
		n       int
		narrow  float64 // the narrowest relative gap at the cut
		classes []int   // classes with the narrowest gaps
	}{
		{"mnist_pca", 2996, 1.5e-4, []int{3}},
		{"fashion_pca", 3000, 3.65e-5, []int{6, 9}},
	} {
		t.Run(c.id, func(t *testing.T) {
			m := images(t, c.id)
			d, _ := wholePCA(t, c.id)
			if d.X.Rows != 60000 || d.Anomalies() != c.n {
				t.Errorf("%d anomalies of %d rows, want exactly %d", d.Anomalies(), d.X.Rows, c.n)
			}
			for class := range 10 {
				at, count := imagesOf(m, class), 0
				for _, image := range at {
					if int(d.Class[image]) != class {
						t.Fatalf("image %d of class %d became class %d", image, class, d.Class[image])
					}
					if d.Truth[image] {
						count++
					}
				}
				if count != len(at)/20 {
					t.Errorf("class %d: %d anomalies of %d, want a twentieth, rounded down", class, count, len(at))
				}
			}
			// Every anomaly's error exceeds every other image's by far more than the rounding error
			// of some 1e-12, so the method of computing the components does not matter.
			narrow := 1.0
			for _, class := range c.classes {
				at := imagesOf(m, class)
				errs, err := reconstructionErrors(t.Context(), m, at, 2)
				if err != nil {
					t.Fatal(err)
				}
				least, most := math.Inf(1), 0.0
				for j, image := range at {
					if d.Truth[image] {
						least = min(least, errs[j])
					} else {
						most = max(most, errs[j])
					}
				}
				narrow = min(narrow, (least-most)/most)
			}
			t.Logf("narrowest relative gap at the cut: %.3g", narrow)
			if narrow < 1e-6 || math.Abs(narrow/c.narrow-1) > 0.05 {
				t.Errorf("narrowest relative gap at the cut %.3g, want %.3g", narrow, c.narrow)
			}
		})
	}
}

// Membership by an independent computation: centred pixels in float64, gonum's matrix product and
// full eigendecomposition, and the error as the squared length of the residual.
func TestPCAIndependently(t *testing.T) {
	const class = 5
	m := images(t, "mnist_pca")
	d, _ := wholePCA(t, "mnist_pca")
	at := imagesOf(m, class)
	x := mat.NewDense(len(at), m.Size(), nil)
	for i, image := range at {
		for j, p := range m.Image(image) {
			x.Set(i, j, float64(p)/255)
		}
	}
	for j := range m.Size() {
		col := mat.Col(nil, j, x)
		mean := 0.0
		for _, v := range col {
			mean += v / float64(len(col))
		}
		for i := range col {
			col[i] -= mean
		}
		x.SetCol(j, col)
	}
	var scatter mat.SymDense
	scatter.SymOuterK(1, x.T())
	var eigen mat.EigenSym
	if !eigen.Factorize(&scatter, true) {
		t.Fatal("no eigenvectors")
	}
	var v mat.Dense
	eigen.VectorsTo(&v)
	two := v.Slice(0, m.Size(), m.Size()-2, m.Size())
	var code, back, rest mat.Dense
	code.Mul(x, two)
	back.Mul(&code, two.T())
	rest.Sub(x, &back)
	errs := make([]float64, len(at))
	for i := range errs {
		row := mat.Row(nil, i, &rest)
		for _, v := range row {
			errs[i] += v * v
		}
	}
	want := bench.Select(nil, errs, len(at)/20)
	slices.Sort(want)
	var got []int
	for j, image := range at {
		if d.Truth[image] {
			got = append(got, j)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("anomalies of class %d: %d, independently %d; first of each %v and %v", class, len(got), len(want), got[:5], want[:5])
	}
}

func TestPart(t *testing.T) {
	for _, c := range []struct {
		share   float64
		n, want int
	}{{0.05, 5923, 296}, {0.05, 6000, 300}, {0.29, 100, 29}, {1, 7, 7}, {0, 7, 0}, {0.999, 1000, 999}, {0.9999, 1000, 999}} {
		if got := part(c.share, c.n); got != c.want {
			t.Errorf("part(%g, %d) = %d, want %d", c.share, c.n, got, c.want)
		}
	}
}

// principal equals gonum's full decomposition, for k from 1 to d and eigenvalues that decay or
// agree.
func TestPrincipal(t *testing.T) {
	const d = 30
	rng := bench.NewStream(1, "test").Rand()
	x := mat.NewDense(d+5, d, nil)
	for i := range d + 5 {
		for j := range d {
			x.Set(i, j, (rng.Float64()-0.5)/float64(1+j%6))
		}
	}
	var a mat.SymDense
	a.SymOuterK(1, x.T())
	flat := make([]float64, d*d)
	for i := range d {
		for j := range d {
			flat[i*d+j] = a.At(i, j)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(&a, true) {
		t.Fatal("no eigenvectors")
	}
	var v mat.Dense
	eigen.VectorsTo(&v)
	for _, k := range []int{1, 2, 7, d - 1, d} {
		u, err := principal(flat, d, k)
		if err != nil {
			t.Fatalf("k = %d: %v", k, err)
		}
		for i := range u {
			// Neighbouring eigenvalues differ by 1e-3 of the largest or more, so a residual of
			// 1e-12 leaves 1e-9.
			if c := math.Abs(dot(u[i], mat.Col(nil, d-1-i, &v))); math.Abs(c-1) > 1e-9 {
				t.Errorf("k = %d: component %d has the cosine %.12f with the true one", k, i, c)
			}
		}
	}
	if _, err := principal(flat, d, d+1); err == nil {
		t.Error("more components than dimensions were found")
	}
	flat[0] = math.NaN()
	if _, err := principal(flat, d, 2); err == nil {
		t.Error("components of a matrix with a NaN were found")
	}
}

func TestBuildIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	images(t, "mnist_pca") // read before the cancellation
	cancel()
	for _, id := range []string{"mnist0", "mnist_pca", "mnist_hard"} {
		if _, err := Build(ctx, ref(t, id, 1, nil), finder()); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", id, err)
		}
	}
}
