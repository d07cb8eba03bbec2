package baselines

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/bench"
)

type recorder struct{ rows []int }

func (r *recorder) Record(x bench.Round) error { r.rows = append(r.rows, x.Rows...); return nil }

// pool has 300 rows in clusters by class, and 15 separated anomalies.
func pool() (bench.Data, []bool) {
	rng := bench.NewStream(1, "pool").Rand()
	d := bench.Data{X: bench.NewMatrix(300, 6), Class: make([]int32, 300), Classes: 3}
	truth := make([]bool, 300)
	for i := range 300 {
		d.Class[i] = int32(i % 3)
		for j := range 6 {
			d.X.Data[i*6+j] = float32(rng.Float64()*0.3 + 0.2*float64(i%3))
		}
		if i%20 == 7 {
			truth[i] = true
			d.Class[i] = int32(rng.IntN(3))
			d.X.Data[i*6+2] += 0.7
		}
	}
	return d, truth
}

// audit runs Algorithm 1 with a method and returns its audited rows and the final scores of all
// rows.
func audit(t *testing.T, id string, given map[string]any, seed uint64) ([]int, []float64) {
	t.Helper()
	return run(t, small(t, id, given, seed))
}

// small builds a method with small networks and ensembles, and otherwise the given parameters.
func small(t *testing.T, id string, given map[string]any, seed uint64) bench.Learner {
	t.Helper()
	var m bench.MethodInfo
	for _, c := range Catalog() {
		if c.ID == id {
			m = c
		}
	}
	// lambda is large: otherwise the clusters of so small a pool become empty in a round of
	// DCN_uai.
	base := map[string]any{"hidden": []int{8, 3}, "compression": []int{4, 2}, "batch": 32,
		"pretrain_steps": 40, "round_steps": 10, "layer_steps": 10, "end_steps": 10, "lambda": 10.0, "trees": 20, "k_min": 20, "k_max": 40}
	use := map[string]any{}
	for _, p := range m.Params {
		if v, ok := base[p.Name]; ok {
			use[p.Name] = v
		}
	}
	for k, v := range given {
		use[k] = v
	}
	p, errs := bench.Resolve(m.Params, use)
	if errs != nil {
		t.Fatal(errs)
	}
	l, err := New(bench.MethodRef{ID: id, Version: m.Version, Params: p}, seed)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func run(t *testing.T, l bench.Learner) ([]int, []float64) {
	t.Helper()
	d, truth := pool()
	var r recorder
	if _, err := bench.Run(context.Background(), d, l, bench.Truth(truth),
		bench.Settings{Budget: 60, K: 3}, &r); err != nil {
		t.Fatal(err)
	}
	scores := make([]float64, d.Rows())
	if _, err := l.Scores(context.Background(), scores, d, nil, bench.HeadTrained); err != nil {
		t.Fatal(err)
	}
	return r.rows, scores
}

// needs lists the other parameters that a parameter needs in order to act.
var needs = map[string]map[string]any{
	"dae/round_steps":         {"rerank": true},
	"class/round_steps":       {"rerank": true},
	"pae/round_steps":         {"rerank": true},
	"dagmm/round_steps":       {"rerank": true},
	"dagmm_uai/wait_for_both": {"cold_start_calls": 0},
	"dsebm_e/round_steps":     {"rerank": true},
	"dsebm_r/round_steps":     {"rerank": true},
	"dcn/round_steps":         {"rerank": true},
	"pae_uai/wait_for_both":   {"cold_start_calls": 0},
	"dsebm_uai/wait_for_both": {"cold_start_calls": 0},
	"dcn_uai/wait_for_both":   {"cold_start_calls": 0},
	"dcn/corruption_kind":     {"corruption": 0.2},
	"dcn_uai/corruption_kind": {"corruption": 0.2},
	"dcn/restarts":            {"clusters": 4}, // where one start does not find the best
	"dcn_uai/restarts":        {"clusters": 4},
	// With no cold start the first selections differ as soon as the layer must wait.
	"dae_uai/wait_for_both":   {"cold_start_calls": 0},
	"class_uai/wait_for_both": {"cold_start_calls": 0},
	"loda_aad/prior_mean":     {"prior": "fixed"},
	"loda_aad/sigma2":         {"prior": "fixed"},
	// Steps so large that the first weights are the best.
	"tree_aad/keep_start": {"learning_rate": 1.0},
	"loda_aad/keep_start": {"learning_rate": 1.0, "tau": 0.3, "epochs": 1},
	// otherwise no nominal is above the quantile
	"loda_aad/c_n": {"tau": 0.3},
	// losses that oscillate
	"loda_aad/stop_window": {"stop_loss": 0.02, "tau": 0.3, "prior": "fixed",
		"learning_rate": 0.05},
	"tree_aad/tolerance": {"optimizer": "exact"},
	"loda_aad/tolerance": {"optimizer": "exact"},
	"tree_aad/proximity": {"optimizer": "exact", "prior": "none"},
	"loda_aad/proximity": {"optimizer": "exact"},
	// more steps than rows, so that rows are shrunk away
	"ocsvm/shrinking": {"gamma": 20.0, "tolerance": 1e-9},
}

func init() {
	for _, m := range methods {
		if m.Active && m.pretraining.name != "" {
			needs[m.ID+"/head_hidden"] = map[string]any{"head": "mlp"}
			needs[m.ID+"/switch_window"] = map[string]any{"switch": "confidence"}
		}
	}
}

// timesOnly are the parameters that change the time but must not change the result. shrinking may
// change it within the tolerance, but not where it removes only rows that stay at their bounds, as
// here.
var timesOnly = map[string]bool{"ocsvm/cache_megabytes": true, "ocsvm/shrinking": true}

// TestEveryParameterMatters: each parameter of each method changes the result when only it is
// changed, which a parameter that is never read does not. The values are chosen so that the result
// must change.
func TestEveryParameterMatters(t *testing.T) {
	other := map[string]any{
		"hidden": []int{8,
			2}, "activation": "sigmoid", "batch": 16, "iid_batches": true, "pretrain_steps": 41,
		"learning_rate": 0.02, "decay": 0.8, "epsilon": 0.1, "latent_activation": "tanh", "output_activation": "sigmoid",
		"noise": 0.2, "noise_kind": "masking", "reduction": "mean", "noisy_scores": true, "round_steps": 11,
		"score_scale": "standardized", "uai_init": "zero", "labelled_batch": "balanced", "inverse_frequency": true,
		"gamma": 5.0, "alternate": true, "wait_for_both": true, "cold_start_calls": 0, "cold_start_labels": 40,
		"uai_slots": "decayed", "reset_optimizer": true, "exclude_anomalies": true, "gradient_through_latent": false,
		"clean_uai": true, "round_loss": "uai", "uai_optimizer": "separate", "rerank": true, "head": "mlp", "head_hidden": []int{5, 4}, "switch": "confidence", "switch_window": 6,
		"trees": 10, "subsample": 64, "node_features": "all", "node_value": "constant",
		"k_min": 50, "k_max": 30, "stop_change": 10.0, "bin_tries": 5, "extra_bin": false, "density_floor": 0.5,
		"c_a": 5.0, "c_n": 1e4, "c_x": 3.0, "tau": 0.2, "prior": "fixed", "prior_mean": "previous", "sigma2": 5.0,
		"constraints": 1, "tree_aad/unit_norm": false, "loda_aad/unit_norm": true, "memory": 10, "optimizer": "exact",
		"epochs": 3, "stop_loss": 0.1, "stop_window": 2, "keep_start": false, "tolerance": 0.5, "proximity": 5.0,
		"pae/optimizer": "adam", "pae_uai/optimizer": "adam", "dcn/optimizer": "adam", "dcn_uai/optimizer": "adam",
		"dsebm_e/optimizer": "adam", "dsebm_r/optimizer": "adam", "dsebm_uai/optimizer": "adam",
		"pae/activation": "relu", "pae_uai/activation": "relu", "dcn/activation": "relu", "dcn_uai/activation": "relu",
		"layer_steps": 11, "corruption": 0.5, "corruption_kind": "gaussian", "end_steps": 11, "clusters": 3, "lambda": 3.0,
		"restarts": 1, "kmeans_epochs": 1, "first_count": 20, "score": "reconstruction",
		"compression": []int{4,
			1}, "estimation": []int{6}, "components": 3, "keep_probability": 0.8, "lambda_energy": 0.3,
		"lambda_covariance": 0.1, "diagonal": 1e-3, "uai_learning_rate": 0.02, "latent": "all", "untrained": true,
		"nu": 0.3, "ocsvm/gamma": 7.0, "cache_megabytes": 1, "shrinking": false,
		"loss": "likelihood", "fif/learning_rate": 2.0, "c": 7.0,
		"bandwidth": 0.3, "ridge": 0.1, "iterations": 1,
	}
	golden := openGolden(t)
	type result struct {
		rows   []int
		scores []float64
	}
	before := map[string]result{} // by the method and the parameters in needs
	for _, m := range Catalog() {
		for _, p := range m.Params {
			name := m.ID + "/" + p.Name
			t.Run(name, func(t *testing.T) {
				v, ok := other[name]
				if !ok {
					v, ok = other[p.Name]
				}
				if !ok {
					t.Fatalf("no other value is known for %s: add one", p.Name)
				}
				given := map[string]any{}
				for k, w := range needs[name] {
					given[k] = w
				}
				key := fmt.Sprint(m.ID, given)
				was, ok := before[key]
				if !ok {
					was.rows, was.scores = audit(t, m.ID, given, 1)
					before[key] = was
				}
				given[p.Name] = v
				l := small(t, m.ID, given, 1)
				rows2, scores2 := run(t, l)
				golden.check(t, name, l, rows2, scores2)
				if same := slices.Equal(was.rows, rows2) &&
					slices.Equal(was.scores, scores2); same != timesOnly[name] {
					t.Errorf("%s = %v leaves the result as it was: %v", p.Name, v, same)
				}
			})
		}
	}
}

// TestEnumsRun: every value of every enumeration runs, and its result differs from the others'.
func TestEnumsRun(t *testing.T) {
	for _, m := range Catalog() {
		for _, p := range m.Params {
			if p.Kind != bench.String {
				continue
			}
			seen := map[string]string{}
			for _, v := range p.Enum {
				given := maps.Clone(needs[m.ID+"/"+p.Name])
				if given == nil {
					given = map[string]any{}
				}
				given[p.Name] = v
				_, scores := audit(t, m.ID, given, 1)
				key := fmt.Sprint(scores)
				if was, dup := seen[key]; dup && was != "auto" && v != "auto" {
					t.Errorf("%s: %s = %s and %s give the same scores", m.ID, p.Name, was, v)
				}
				if was := seen[key]; was != "auto" {
					seen[key] = v
				}
			}
		}
	}
}

// chance holds parameters that make the result of a method depend on the seed.
var chance = map[string]map[string]any{"ocsvm": {"subsample": 100}, "kde": {"subsample": 100},
	"gmm": {"iterations": 2}}

// TestSameSeedSameBytes: the same seed gives the same result, another seed gives another.
func TestSameSeedSameBytes(t *testing.T) {
	golden := openGolden(t)
	for _, m := range Catalog() {
		l := small(t, m.ID, chance[m.ID], 1)
		rows, scores := run(t, l)
		golden.check(t, m.ID, l, rows, scores)
		again, scores2 := audit(t, m.ID, chance[m.ID], 1)
		if !slices.Equal(rows, again) || !slices.Equal(scores, scores2) {
			t.Errorf("%s: the same seed gives different results", m.ID)
		}
		if _, scores3 := audit(t, m.ID, chance[m.ID], 2); slices.Equal(scores, scores3) {
			t.Errorf("%s: another seed gives the same scores", m.ID)
		}
	}
}

// TestCounts: the counts of a method have the names listed in its entry.
func TestCounts(t *testing.T) {
	for _, m := range methods {
		l := small(t, m.ID, nil, 1)
		run(t, l)
		var names []string
		if c, ok := l.(bench.Counter); ok {
			names = slices.Sorted(maps.Keys(c.Counts()))
		}
		if want := slices.Sorted(slices.Values(m.Counts)); !slices.Equal(names, want) {
			t.Errorf("%s counts %v, its entry says %v", m.ID, names, want)
		}
	}
}

// TestRandomIsUniform: over many seeds every row is first equally often (chi-square, 299 degrees of
// freedom: mean 299, sd 24.5).
func TestRandomIsUniform(t *testing.T) {
	const seeds = 6000
	n := make([]float64, 300)
	d, _ := pool()
	for seed := range uint64(seeds) {
		l := random.build(nil, seed, buildOptions{})
		if err := l.Train(context.Background(), d, bench.Labels{}); err != nil {
			t.Fatal(err)
		}
		scores := make([]float64, 300)
		l.Scores(context.Background(), scores, d, nil, bench.HeadTrained)
		n[bench.Select(nil, scores, 1)[0]]++
	}
	chi := 0.0
	for _, v := range n {
		e := v - seeds/300.0
		chi += e * e / (seeds / 300.0)
	}
	if chi < 299-5*24.5 || chi > 299+5*24.5 {
		t.Errorf("chi-square %.1f, want about 299", chi)
	}
}

func TestUnknown(t *testing.T) {
	if _, err := New(bench.MethodRef{ID: "nonsense"}, 1); err == nil {
		t.Error("an unknown method was made")
	}
	if _, err := New(bench.MethodRef{ID: "dae", Version: 99}, 1); err == nil {
		t.Error("a method of another version was made")
	}
}

// TestCostOfDCN: DCN has an estimate although, at the default learning rate, a few steps on random
// images leave one of its clusters empty.
func TestCostOfDCN(t *testing.T) {
	ref := bench.MethodRef{ID: "dcn"}
	for _, m := range Catalog() {
		if m.ID == ref.ID {
			ref.Version, ref.Params = m.Version, bench.Complete(m.Params, nil)
		}
	}
	if d, err := new(Trials).Cost(t.Context(), ref,
		Shape{Rows: 1000, Features: 784, Budget: 10, K: 10}); err != nil || d.Total() <= 0 {
		t.Errorf("%v, %v", d, err)
	}
}

// TestCost: every method has an estimate. TestCostIsTheWork checks the estimates' values.
func TestCost(t *testing.T) {
	for _, m := range Catalog() {
		given := map[string]any{}
		for _, p := range m.Params {
			if p.Name == "hidden" {
				given["hidden"] = []int{8, 3}
			}
		}
		p, errs := bench.Resolve(m.Params, given)
		if errs != nil {
			t.Fatal(errs)
		}
		d, err := new(Trials).Cost(t.Context(), bench.MethodRef{ID: m.ID, Version: m.Version, Params: p},
			Shape{Rows: 2000, Features: 6, Classes: 3, Budget: 30, K: 3})
		if err != nil || d.Total() <= 0 && m.ID != "random" {
			t.Errorf("%s: %v, %v", m.ID, d, err)
		}
	}
}

// TestOver: a method with a UAI layer names the method that ranks by its base, which is not active.
func TestOver(t *testing.T) {
	catalog := bench.Catalog{Methods: Catalog()}
	for _, m := range catalog.Methods {
		_, layered := bench.Complete(m.Params, nil)["gradient_through_latent"]
		if layered != (m.Over != "") {
			t.Errorf("%s: has a UAI layer %v, is over %q", m.ID, layered, m.Over)
		}
		if base, ok := catalog.Method(m.Over); m.Over != "" &&
			(!ok || base.Active || base.Class != m.Class) {
			t.Errorf("%s: is over %q, which is %+v", m.ID, m.Over, base)
		}
	}
}

// TestShows checks the probes that each method supports: l and s need a UAI layer; four bases
// compute slopes, if their scores have no noise.
func TestShows(t *testing.T) {
	explained := []string{"dae_uai", "class_uai", "pae_uai", "dcn_uai"}
	for _, m := range Catalog() {
		p := bench.Complete(m.Params, nil)
		for look, want := range map[string]bool{
			bench.ProbeRanking: true, bench.ProbeTestSet: true,
			bench.ProbeProjection: m.Over != "", bench.ProbeExplanations: slices.Contains(explained,
				m.ID), "sideways": false,
		} {
			if err := m.Supports(p, look); (err == nil) != want {
				t.Errorf("%s, %s: %v", m.ID, look, err)
			}
		}
		if p["noisy_scores"] = true; m.ID == "dae_uai" && m.Supports(p, bench.ProbeExplanations) == nil {
			t.Error("noisy scores of dae_uai are explained")
		}
	}
}
