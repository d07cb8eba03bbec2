package synth

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/synth/source"
)

// finder is shared by all tests, so that raw files are read once. It reads the environment when a
// test first calls it: go test does not track what package variables read, and would return a
// cached result that skips although the data are there.
var finder = sync.OnceValue(func() *source.Finder { return &source.Finder{Dir: os.Getenv("UAIBENCH_DATA")} })

// ref returns a dataset's reference with some parameters set.
func ref(t testing.TB, id string, seed uint64, given map[string]any) bench.DatasetRef {
	t.Helper()
	info, ok := bench.Catalog{Datasets: Catalog()}.Dataset(id)
	if !ok {
		t.Fatalf("no dataset %s", id)
	}
	p, errs := bench.Resolve(info.Params, given)
	if errs != nil {
		t.Fatal(errors.Join(errs...))
	}
	r := bench.DatasetRef{ID: id, Version: info.Version, Params: p, Seed: seed}
	for _, f := range info.Raw {
		r.Raw = append(r.Raw, f.SHA256)
	}
	return r
}

// made builds a dataset. It skips the test on a machine that lacks the raw files; MNIST is always
// there.
func made(t testing.TB, id string, seed uint64, given map[string]any) *bench.Dataset {
	t.Helper()
	d, err := Build(t.Context(), ref(t, id, seed, given), finder())
	skipIfMissing(t, id, err)
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(entries, func(e entry) bool { return e.ID == id }); entries[i].TestSet != (d.Test != nil) {
		t.Errorf("%s: the catalogue says of a test set %v, built %v", id, entries[i].TestSet, d.Test != nil)
	}
	return d
}

func skipIfMissing(t testing.TB, id string, err error) {
	t.Helper()
	if !strings.HasPrefix(id, "mnist") && errors.Is(err, fs.ErrNotExist) {
		t.Skipf("data missing: %v", err)
	}
}

// images returns the raw images of a dataset.
func images(t testing.TB, id string) *source.Images {
	t.Helper()
	m, err := finder().Images(t.Context(), find(id).set)
	skipIfMissing(t, id, err)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func find(id string) *recipe {
	return &recipes[slices.IndexFunc(recipes, func(r recipe) bool { return r.ID == id })]
}

var ids = []string{"mnist0", "mnist0_2", "mnist_hard", "mnist_pca", "fashion0", "fashion0_2", "fashion_hard", "fashion_pca"}

func TestCatalog(t *testing.T) {
	var got []string
	for _, d := range Catalog() {
		got = append(got, d.ID)
		if d.Title == "" || d.Doc == "" || d.Source == "" || d.Version < 1 || d.Features < 1 || d.AnomalyIs == "" || d.Licence == "" || d.Citation == "" {
			t.Errorf("%s: incomplete: %+v", d.ID, d)
		}
		if drawn := d.ID == "toy2d"; (len(d.Raw) == 0) != drawn || (len(d.URLs) == 0) != drawn {
			t.Errorf("%s: %d raw files from %v", d.ID, len(d.Raw), d.URLs)
		}
		for _, p := range d.Params {
			if p.Doc == "" || p.Source == "" {
				t.Errorf("%s: %s: no description or no source", d.ID, p.Name)
			}
			v, err := p.Normalize(p.Default)
			if err != nil || v != p.Default {
				t.Errorf("%s: %s: the default %v: %v, %v", d.ID, p.Name, p.Default, v, err)
			}
		}
	}
	if want := slices.Concat(ids, tableIDs, kddIDs, []string{"toy2d"}); !slices.Equal(got, want) {
		t.Errorf("ids %v, want %v", got, want)
	}
}

// The paper's totals, from its text and the class sizes: the unreduced images, and the anomalies.
func TestPublishedTotals(t *testing.T) {
	for id, normal := range map[string]int{"mnist0": 54077, "mnist0_2": 41377, "fashion0": 54000, "fashion0_2": 42000} {
		r := find(id)
		n := 0
		for _, c := range r.counts[r.first:] {
			n += c
		}
		if n != normal || n+r.Published.Anomalies != r.Published.Rows {
			t.Errorf("%s: %d images are not reduced, want %d; with %d anomalies that is %d, the paper prints %d",
				id, n, normal, r.Published.Anomalies, n+r.Published.Anomalies, r.Published.Rows)
		}
	}
}

// digest returns the SHA-256 of all that a method or an oracle may see of a dataset.
func digest(d *bench.Dataset) string {
	h := sha256.New()
	for _, v := range []any{int64(d.X.Rows), int64(d.X.Cols), int64(d.Classes), d.X.Data, d.Class, d.Truth} {
		if err := binary.Write(h, binary.LittleEndian, v); err != nil {
			panic(err)
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// kept caches datasets that several tests read and none changes.
var kept = struct {
	sync.Mutex
	made map[string]*bench.Dataset
}{made: map[string]*bench.Dataset{}}

// keep returns made's dataset, built once for all tests.
func keep(t testing.TB, id string, seed uint64, given map[string]any) *bench.Dataset {
	t.Helper()
	kept.Lock()
	defer kept.Unlock()
	key := fmt.Sprint(id, seed, given)
	if kept.made[key] == nil {
		kept.made[key] = made(t, id, seed, given)
	}
	return kept.made[key]
}

func whole(t testing.TB, id string) *bench.Dataset { t.Helper(); return keep(t, id, 1, nil) }

func rows2000(t testing.TB, id string) *bench.Dataset {
	t.Helper()
	return keep(t, id, 1, map[string]any{"rows": 2000})
}

// pcaDigests are the digests of wholePCA's datasets, by id.
var pcaDigests = map[string]string{}

// wholePCA returns whole without its features, which it frees, and the digest with them.
func wholePCA(t testing.TB, id string) (*bench.Dataset, string) {
	t.Helper()
	d := whole(t, id)
	if d.X.Data != nil {
		pcaDigests[id] = digest(d)
		d.X.Data = nil
	}
	return d, pcaDigests[id]
}

// goldenDigest is of 2,000 rows; for pca, where all images are needed anyway and only the rows are
// random, it is of all rows.
func goldenDigest(t testing.TB, id string) string {
	t.Helper()
	if strings.HasSuffix(id, "_pca") {
		_, all := wholePCA(t, id)
		return all
	}
	return digest(rows2000(t, id))
}

// These bytes must never change without a higher Version in the catalogue.
func TestGolden(t *testing.T) {
	golden := map[string]string{
		"mnist0":       "2a3387c36022c9019a4a3d128a7339e20bc242a5fd71996ad8001a58e516e630",
		"mnist0_2":     "2eefb39e9be14487dbf7a22ef80cde76048b5e65b764208386299b67a59c5b12",
		"mnist_hard":   "44e0da699f23616632dff191071d18966ea02c2cc9137658ef847d0e6fa1507c",
		"mnist_pca":    "cb4a9394102b7a7716a7d877e17fd2d33b529261cd62c4257abaf18524b558b9",
		"fashion0":     "83f6257096870c3447333d737daa1ddc7bf1930c31516de80eeebc301fb55eca",
		"fashion0_2":   "37920b26362dfe39bc23807048a016fefc6db24a0334cc94a4b830ad4738e72c",
		"fashion_hard": "45381c4778ad678c1e2be95e310a519ba5ff1046036b41b7cb271f13bf5688fe",
		"fashion_pca":  "516f6dc86903f610763004ffcd1b32d3a253aea16adecea5f8e3a19ffbabbdde",
	}
	for _, id := range ids {
		t.Run(id, func(t *testing.T) {
			if v := find(id).Version; v != 1 {
				t.Fatalf("version %d has no golden digest yet", v)
			}
			if got := goldenDigest(t, id); got != golden[id] {
				t.Errorf("digest %s, want %s", got, golden[id])
			}
		})
	}
}

// Unsuitable versions, raw files, rows and ids are errors with the reason.
func TestBuildRefuses(t *testing.T) {
	for _, c := range []struct {
		what   string
		change func(r *bench.DatasetRef)
		want   string
	}{
		{"unknown id", func(r *bench.DatasetRef) { r.ID = "mnist1" }, "there is no such dataset"},
		{"another version", func(r *bench.DatasetRef) { r.Version = 7 }, "needs version 7 of its builder, this program has version 1"},
		{"another raw file", func(r *bench.DatasetRef) { r.Raw = []string{"00"} }, "raw files with SHA-256 [00]"},
		{"too many rows", func(r *bench.DatasetRef) { r.Params["rows"] = 60000 }, "rows is 60000, but the dataset has 54"},
	} {
		t.Run(c.what, func(t *testing.T) {
			r := ref(t, "mnist0", 1, nil)
			c.change(&r)
			if _, err := Build(t.Context(), r, finder()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	empty := &source.Finder{Dir: t.TempDir(), Cache: t.TempDir()}
	_, err := Build(t.Context(), ref(t, "fashion0", 1, nil), empty)
	var missing *source.FileError
	if err == nil {
		t.Log("Fashion-MNIST is installed, so its absence cannot be tested")
	} else if !errors.As(err, &missing) || !strings.HasPrefix(err.Error(), "Fashion-MNIST: train-images") {
		t.Errorf("missing files: %v", err)
	}
}

// The bytes depend on the seed, but not on the number of workers or the time of building.
func TestSameBytes(t *testing.T) {
	for _, id := range ids[:3] {
		t.Run(id, func(t *testing.T) {
			given := map[string]any{"rows": 2000}
			one := goldenDigest(t, id)
			if got := digest(made(t, id, 2, given)); got == one {
				t.Error("another seed gives the same dataset")
			}
			atProcs(t, 1)
			if got := digest(made(t, id, 1, given)); got != one {
				t.Errorf("built again on one processor: %s, then %s", one, got)
			}
		})
	}
}

// Xpca draws nothing, so its bytes depend on neither; tested on every twentieth image.
func TestSamePCA(t *testing.T) {
	r, all := find("mnist_pca"), images(t, "mnist_pca")
	m := &source.Images{Set: all.Set, Height: all.Height, Width: all.Width}
	for i := 0; i < all.Count; i += 20 {
		m.Count++
		m.Labels, m.Pixels = append(m.Labels, all.Labels[i]), append(m.Pixels, all.Image(i)...)
	}
	p := ref(t, r.ID, 1, nil).Params
	one, err := r.mark(t.Context(), r, m, p, 1)
	if err != nil {
		t.Fatal(err)
	}
	atProcs(t, 1)
	again, err := r.mark(t.Context(), r, m, p, 2)
	if err != nil || !r.seedless || !reflect.DeepEqual(one, again) {
		t.Errorf("on one processor and with another seed: other anomalies, %v", err)
	}
	if n := len(one.anomaly); n != 3000 || !slices.Contains(one.anomaly, true) {
		t.Errorf("%d images: nothing was compared", n)
	}
}

func BenchmarkBuild(b *testing.B) {
	for _, id := range ids {
		b.Run(id, func(b *testing.B) {
			for b.Loop() {
				made(b, id, 1, nil)
			}
		})
	}
}
