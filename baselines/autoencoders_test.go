package baselines

import (
	"maps"
	"reflect"
	"testing"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
)

// The defaults of PAE, DSEBM and DCN, written down independently.
var (
	// The networks, minibatches, steps and optimiser of DAE and Class (App. A.1), the defaults of a
	// spec.
	comparedDefaults = map[string]any{
		"hidden": []int{256, 64,
			8}, "batch": 256, "iid_batches": false, "pretrain_steps": 5000, "epochs": 0,
		"optimizer": "rmsprop", "learning_rate": 0.01, "decay": 0.9, "epsilon": 1e-10,
	}
	// tanh layers, a linear code and a linear output, as in DAGMM's compression network. The
	// sources leave the pre-training's length open.
	autoencoderDefaults = map[string]any{"activation": "tanh", "latent_activation": "auto",
		"output_activation": "linear", "layer_steps": 1000}
	// The sources leave the corruption open; DCN's authors use none.
	paeDefaults = map[string]any{"corruption": 0.25, "corruption_kind": "masking"}
	// K is DAGMM's number of components; K-means has 10 restarts, runs again every 10 epochs, and
	// counts from 100.
	dcnDefaults = map[string]any{
		"corruption": 0.0, "corruption_kind": "masking", "end_steps": 5000, "clusters": 2, "lambda": 1.0,
		"restarts": 10, "kmeans_epochs": 10, "first_count": 100,
	}
	dsebmDefaults = map[string]any{"noise": 0.1} // std of e
)

func TestComparedDefaults(t *testing.T) {
	for id, parts := range map[string][]map[string]any{
		"pae":     {comparedDefaults, autoencoderDefaults, paeDefaults, staticDefaults},
		"pae_uai": {comparedDefaults, autoencoderDefaults, paeDefaults, uaiDefaults},
		"dcn":     {comparedDefaults, autoencoderDefaults, dcnDefaults, staticDefaults},
		"dcn_uai": {comparedDefaults, autoencoderDefaults, dcnDefaults, uaiDefaults},
		"dsebm_e": {comparedDefaults, dsebmDefaults, staticDefaults},
		"dsebm_r": {comparedDefaults, dsebmDefaults, staticDefaults},
		"dsebm_uai": {comparedDefaults, dsebmDefaults, uaiDefaults, cleanDefaults,
			{"score": "energy"}},
	} {
		want := map[string]any{}
		for _, p := range parts {
			maps.Copy(want, p)
		}
		if got := map[string]any(resolved(t, id, nil)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v by default, want %v", id, got, want)
		}
	}
}

// TestComparedSettings checks which settings of its base each parameter changes.
func TestComparedSettings(t *testing.T) {
	rmsprop := nn.RMSprop{Rate: 0.01, Decay: 0.9, Epsilon: 1e-10}
	plain := deep.Settings{Hidden: []int{256, 64, 8}, Batch: 256, Pretrain: 5000,
		Optimizer: rmsprop, Seed: 7, Threads: 3}
	auto := deep.AutoencoderSettings{Settings: plain, Output: nn.Linear, Rule: rmsprop,
		LayerSteps: 1000}
	auto.Activation = nn.Tanh
	standard := deep.DCNSettings{AutoencoderSettings: auto, EndSteps: 5000, Clusters: 2, Lambda: 1,
		Restarts: 10, Every: 10, Count: 100}
	base := func(name string, value any, set func(*deep.Settings), rule nn.Optimizer) {
		t.Helper()
		want := standard
		set(&want.Settings)
		want.Rule = rule
		if got := dcnSettings(resolved(t, "dcn", map[string]any{name: value}), 7,
			buildOptions{threads: 3}); !reflect.DeepEqual(got, want) {
			t.Errorf("dcn, %s = %v:\n%+v\nwant\n%+v", name, value, got, want)
		}
		dsebm := deep.DSEBMSettings{Settings: plain, Noise: 0.1, Rule: rule}
		set(&dsebm.Settings)
		if name == "activation" || name == "latent_activation" {
			return
		}
		if got := dsebmSettings(resolved(t, "dsebm_e", map[string]any{name: value}), 7,
			buildOptions{threads: 3}); !reflect.DeepEqual(got, dsebm) {
			t.Errorf("dsebm_e, %s = %v:\n%+v\nwant\n%+v", name, value, got, dsebm)
		}
	}
	base("hidden", []int{5, 2}, func(s *deep.Settings) { s.Hidden = []int{5, 2} }, rmsprop)
	base("batch", 17, func(s *deep.Settings) { s.Batch = 17 }, rmsprop)
	base("iid_batches", true, func(s *deep.Settings) { s.IID = true }, rmsprop)
	base("pretrain_steps", 18, func(s *deep.Settings) { s.Pretrain = 18 }, rmsprop)
	base("epochs", 19, func(s *deep.Settings) { s.Epochs = 19 }, rmsprop)
	base("optimizer", "rmsprop", func(*deep.Settings) {}, rmsprop)
	base("optimizer", "adam", func(s *deep.Settings) { s.Optimizer = nn.RMSprop{} },
		nn.Adam{Rate: 0.01})
	other := rmsprop
	other.Rate = 0.5
	base("learning_rate", 0.5, func(s *deep.Settings) { s.Optimizer = other }, other)
	other = rmsprop
	other.Decay = 0.25
	base("decay", 0.25, func(s *deep.Settings) { s.Optimizer = other }, other)
	other = rmsprop
	other.Epsilon = 0.125
	base("epsilon", 0.125, func(s *deep.Settings) { s.Optimizer = other }, other)
	base("activation", "relu", func(s *deep.Settings) { s.Activation = nn.ReLU }, rmsprop)
	base("latent_activation", "sigmoid", func(s *deep.Settings) { s.Latent = nn.Sigmoid }, rmsprop)
	for _, c := range []struct {
		name  string
		value any
		apply func(*deep.DCNSettings)
	}{
		{"output_activation", "sigmoid", func(s *deep.DCNSettings) { s.Output = nn.Sigmoid }},
		{"layer_steps", 5, func(s *deep.DCNSettings) { s.LayerSteps = 5 }},
		{"corruption", 0.5, func(s *deep.DCNSettings) { s.Corruption = 0.5 }},
		{"corruption_kind", "gaussian", func(s *deep.DCNSettings) { s.Gaussian = true }},
		{"end_steps", 6, func(s *deep.DCNSettings) { s.EndSteps = 6 }},
		{"clusters", 4, func(s *deep.DCNSettings) { s.Clusters = 4 }},
		{"lambda", 0.5, func(s *deep.DCNSettings) { s.Lambda = 0.5 }},
		{"restarts", 3, func(s *deep.DCNSettings) { s.Restarts = 3 }},
		{"kmeans_epochs", 8, func(s *deep.DCNSettings) { s.Every = 8 }},
		{"first_count", 9, func(s *deep.DCNSettings) { s.Count = 9 }},
	} {
		want := standard
		c.apply(&want)
		if got := dcnSettings(resolved(t, "dcn", map[string]any{c.name: c.value}), 7,
			buildOptions{threads: 3}); !reflect.DeepEqual(got, want) {
			t.Errorf("dcn, %s = %v:\n%+v\nwant\n%+v", c.name, c.value, got, want)
		}
	}
	want := auto
	want.Corruption = 0.25
	if got := autoencoderSettings(resolved(t, "pae", nil), 7,
		buildOptions{threads: 3}); !reflect.DeepEqual(got, want) {
		t.Errorf("pae:\n%+v\nwant\n%+v", got, want)
	}
	if got := dsebmSettings(resolved(t, "dsebm_e", map[string]any{"noise": 0.5}), 7,
		buildOptions{}); got.Noise != 0.5 {
		t.Errorf("dsebm_e: noise %g", got.Noise)
	}
}

// TestComparedShare: methods over the same base share its pre-training, methods over different
// bases do not.
func TestComparedShare(t *testing.T) {
	key := func(id string, given map[string]any) string {
		return PretrainingKey(smallCell(t, infoOf(t, id), given))
	}
	for _, ids := range [][]string{{"pae", "pae_uai"}, {"dcn", "dcn_uai"},
		{"dsebm_e", "dsebm_r", "dsebm_uai"}} {
		for _, id := range ids {
			if key(id, nil) != key(ids[0], nil) {
				t.Errorf("%s and %s share no pre-training", id, ids[0])
			}
			if key(id, map[string]any{"batch": 31}) == key(ids[0], nil) {
				t.Errorf("%s shares a pre-training of other batches", id)
			}
		}
	}
	if key("pae", nil) == key("dcn", nil) {
		t.Error("PAE and DCN share a pre-training")
	}
	if a, b := key("dsebm_uai", nil), key("dsebm_uai",
		map[string]any{"score": "reconstruction"}); a != b {
		t.Error("DSEBM's two scores share no pre-training")
	}
}

// TestComparedBuild: each method ranks by its base's score.
func TestComparedBuild(t *testing.T) {
	set := deep.Settings{Hidden: []int{8, 3}, Batch: 32, Pretrain: 40, Seed: 1}
	auto := deep.AutoencoderSettings{Settings: set, LayerSteps: 10, Corruption: 0.25}
	clustered := deep.DCNSettings{AutoencoderSettings: auto, EndSteps: 10, Lambda: 10}
	clustered.Corruption = 0
	uai := deep.UAISettings{Round: 10, Cold: deep.ColdStart{Calls: 10}}
	dsebm := func(slope, clean bool) deep.Base {
		return deep.NewDSEBM(deep.DSEBMSettings{Settings: set, Noise: 0.1, Slope: slope,
			CleanUAI: clean})
	}
	passive := func(b deep.Base) func() ([]int, []float64) {
		return func() ([]int, []float64) { return run(t, deep.NewReranked(b, set, 10)) }
	}
	active := func(b deep.Base) func() ([]int, []float64) {
		return func() ([]int, []float64) { return run(t, deep.NewUAI(b, set, uai)) }
	}
	for _, c := range []struct {
		id    string
		given map[string]any
		want  func() ([]int, []float64)
	}{
		{"pae", map[string]any{"rerank": true}, passive(deep.NewPAE(auto))},
		{"dcn", map[string]any{"rerank": true}, passive(deep.NewDCN(clustered))},
		{"dsebm_e", map[string]any{"rerank": true}, passive(dsebm(false, false))},
		{"dsebm_r", map[string]any{"rerank": true}, passive(dsebm(true, false))},
		{"pae_uai", nil, active(deep.NewPAE(auto))},
		{"dcn_uai", nil, active(deep.NewDCN(clustered))},
		{"dsebm_uai", nil, active(dsebm(false, false))},
		{"dsebm_uai", map[string]any{"score": "reconstruction"}, active(dsebm(true, false))},
		{"dsebm_uai", map[string]any{"clean_uai": true}, active(dsebm(false, true))},
	} {
		rows, scores := audit(t, c.id, c.given, 1)
		wantRows, wantScores := c.want()
		if !reflect.DeepEqual(rows, wantRows) || !reflect.DeepEqual(scores, wantScores) {
			t.Errorf("%s %v differs from the one made by hand", c.id, c.given)
		}
	}
}
