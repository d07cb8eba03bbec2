package baselines

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/uaibench/uaibench/baselines/deep"
	"github.com/uaibench/uaibench/baselines/nn"
	"github.com/uaibench/uaibench/bench"
)

// The defaults of the networks, written down independently from their sources: the paper's App. A.1
// where it states a value, and the open points U1 to U21 where it does not.
var (
	// App. A.1: hidden layers 256, 64 and 8; RMSprop with a learning rate of 0.01 and otherwise
	// "default hyper-parameters" (TensorFlow 1.x: decay 0.9, epsilon 1e-10); minibatches of 256;
	// 5,000 steps. ReLU is U1, the latent layer U2.
	networkDefaults = map[string]any{
		"hidden": []int{256, 64,
			8}, "activation": "relu", "latent_activation": "auto", "batch": 256, "iid_batches": false,
		"pretrain_steps": 5000, "learning_rate": 0.01, "decay": 0.9, "epsilon": 1e-10,
	}
	// U3, U4 (φ is not printed), U6; eq. 6 is not taken literally.
	daeDefaults = map[string]any{
		"output_activation": "linear", "noise": 0.1, "noise_kind": "gaussian", "reduction": "sum", "noisy_scores": false,
	}
	// App. A.1: 100 steps after each call, 10 calls by s. U7 to U14 and U17 to U19.
	uaiDefaults = map[string]any{
		"round_steps": 100, "cold_start_calls": 10,
		"score_scale": "raw", "uai_init": "glorot", "labelled_batch": "uniform", "inverse_frequency": false,
		"gamma": 1.0, "alternate": false, "wait_for_both": false, "cold_start_labels": 0, "uai_slots": "fresh",
		"reset_optimizer": false, "exclude_anomalies": false, "gradient_through_latent": true,
	}
	// U15: a base as a baseline keeps its ranking; round_steps acts only with rerank.
	staticDefaults = map[string]any{"rerank": false, "round_steps": 100}
	// U16: noisy while training.
	cleanDefaults = map[string]any{"clean_uai": false}
)

// TestNetworkDefaults: the networks have exactly these parameters and defaults.
func TestNetworkDefaults(t *testing.T) {
	for id, parts := range map[string][]map[string]any{
		"dae":       {networkDefaults, daeDefaults, staticDefaults},
		"dae_uai":   {networkDefaults, daeDefaults, uaiDefaults, cleanDefaults},
		"class":     {networkDefaults, staticDefaults},
		"class_uai": {networkDefaults, uaiDefaults},
	} {
		want := map[string]any{}
		for _, p := range parts {
			maps.Copy(want, p)
		}
		got := resolved(t, id, nil)
		for name, v := range want {
			if g, ok := got[name]; !ok || !reflect.DeepEqual(g, v) {
				t.Errorf("%s: %s is %v by default, want %v", id, name, g, v)
			}
		}
		for name := range got {
			if _, ok := want[name]; !ok {
				t.Errorf("%s: parameter %s is not in the table", id, name)
			}
		}
	}
}

// TestLaterDefaults: parameters added after results were published default to the paper's method (a
// logistic regression, ten calls, joint steps with one optimiser: U20 and U21), and are left out of
// resolved parameters at their defaults, even when given.
func TestLaterDefaults(t *testing.T) {
	later := map[string]any{"head": "linear", "head_hidden": []int{16}, "switch": "calls",
		"switch_window": 100, "round_loss": "joint", "uai_optimizer": "shared"}
	for _, id := range []string{"dae_uai", "class_uai", "pae_uai", "dsebm_uai", "dcn_uai",
		"dagmm_uai"} {
		if got, want := resolved(t, id, later), resolved(t, id, nil); !reflect.DeepEqual(got,
			want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
		if got := resolved(t, id, map[string]any{"head": "mlp"}); got["head"] != "mlp" {
			t.Errorf("%s: an MLP is lost: %v", id, got)
		}
		given := map[string]any{"head": "mlp", "head_hidden": []int{5, 4}, "switch": "confidence",
			"switch_window": 9, "round_loss": "uai", "uai_optimizer": "separate"}
		got := uaiSettings(bench.Complete(infoOf(t, id).Params, resolved(t, id, given)))
		if !slices.Equal(got.Head, []int{5, 4}) || got.Switch != 9 || !got.UAIOnly ||
			!got.Separate {
			t.Errorf("%s: %+v", id, got)
		}
	}
}

func resolved(t *testing.T, id string, given map[string]any) bench.Params {
	t.Helper()
	p, errs := bench.Resolve(infoOf(t, id).Params, given)
	if errs != nil {
		t.Fatal(errs)
	}
	return p
}

func infoOf(t *testing.T, id string) bench.MethodInfo {
	t.Helper()
	all := Catalog()
	i := slices.IndexFunc(all, func(m bench.MethodInfo) bool { return m.ID == id })
	if i < 0 {
		t.Fatalf("no method %s", id)
	}
	return all[i]
}

// everything holds the settings that the parameters of DAE_uai, the method with the most, produce.
type everything struct {
	DAE deep.DAESettings
	UAI deep.UAISettings
}

// settingOf lists the change that one value of a parameter makes to the default settings.
var settingOf = []struct {
	name  string
	value any
	apply func(*everything)
}{
	{"hidden", []int{5, 2}, func(e *everything) { e.DAE.Hidden = []int{5, 2} }},
	{"activation", "relu", func(*everything) {}},
	{"activation", "sigmoid", func(e *everything) { e.DAE.Activation = nn.Sigmoid }},
	{"activation", "tanh", func(e *everything) { e.DAE.Activation = nn.Tanh }},
	{"activation", "linear", func(e *everything) { e.DAE.Activation = nn.Linear }},
	{"latent_activation", "auto", func(*everything) {}},
	{"latent_activation", "relu", func(e *everything) { e.DAE.Latent = nn.ReLU }},
	{"latent_activation", "sigmoid", func(e *everything) { e.DAE.Latent = nn.Sigmoid }},
	{"latent_activation", "tanh", func(e *everything) { e.DAE.Latent = nn.Tanh }},
	{"latent_activation", "linear", func(e *everything) { e.DAE.Latent = nn.Linear }},
	{"output_activation", "linear", func(*everything) {}},
	{"output_activation", "relu", func(e *everything) { e.DAE.Output = nn.ReLU }},
	{"output_activation", "sigmoid", func(e *everything) { e.DAE.Output = nn.Sigmoid }},
	{"output_activation", "tanh", func(e *everything) { e.DAE.Output = nn.Tanh }},
	{"batch", 17, func(e *everything) { e.DAE.Batch = 17 }},
	{"iid_batches", true, func(e *everything) { e.DAE.IID = true }},
	{"pretrain_steps", 18, func(e *everything) { e.DAE.Pretrain = 18 }},
	{"learning_rate", 0.5, func(e *everything) { e.DAE.Optimizer.Rate = 0.5 }},
	{"decay", 0.25, func(e *everything) { e.DAE.Optimizer.Decay = 0.25 }},
	{"epsilon", 0.125, func(e *everything) { e.DAE.Optimizer.Epsilon = 0.125 }},
	{"noise", 0.375, func(e *everything) { e.DAE.Noise = 0.375 }},
	{"noise_kind", "gaussian", func(*everything) {}},
	{"noise_kind", "masking", func(e *everything) { e.DAE.Masking = true }},
	{"reduction", "sum", func(*everything) {}},
	{"reduction", "mean", func(e *everything) { e.DAE.MeanFeatures = true }},
	{"noisy_scores", true, func(e *everything) { e.DAE.NoisyScore = true }},
	{"round_steps", 19, func(e *everything) { e.UAI.Round = 19 }},
	{"score_scale", "raw", func(*everything) {}},
	{"score_scale", "standardized", func(e *everything) { e.UAI.Score = deep.Standardized }},
	{"score_scale", "running", func(e *everything) { e.UAI.Score = deep.Running }},
	{"score_scale", "log1p", func(e *everything) { e.UAI.Score = deep.LogScore }},
	{"uai_init", "glorot", func(*everything) {}},
	{"uai_init", "zero", func(e *everything) { e.UAI.Init = deep.ZeroInit }},
	{"uai_init", "base", func(e *everything) { e.UAI.Init = deep.BaseInit }},
	{"labelled_batch", "uniform", func(*everything) {}},
	{"labelled_batch", "balanced", func(e *everything) { e.UAI.Labelled = deep.Balanced }},
	{"labelled_batch", "replacement", func(e *everything) { e.UAI.Labelled = deep.Replacement }},
	{"labelled_batch", "members", func(e *everything) { e.UAI.Labelled = deep.Members }},
	{"inverse_frequency", true, func(e *everything) { e.UAI.Inverse = true }},
	{"gamma", 2.5, func(e *everything) { e.UAI.Gamma = 2.5 }},
	{"alternate", true, func(e *everything) { e.UAI.Alternate = true }},
	{"wait_for_both", true, func(e *everything) { e.UAI.Cold.Both = true }},
	{"cold_start_calls", 3, func(e *everything) { e.UAI.Cold.Calls = 3 }},
	{"cold_start_labels", 4, func(e *everything) { e.UAI.Cold.Labels = 4 }},
	{"uai_slots", "fresh", func(*everything) {}},
	{"uai_slots", "decayed", func(e *everything) { e.UAI.Decayed = true }},
	{"reset_optimizer", true, func(e *everything) { e.UAI.Reset = true }},
	{"exclude_anomalies", true, func(e *everything) { e.UAI.Exclude = true }},
	{"gradient_through_latent", false, func(e *everything) { e.UAI.Stop = true }},
	{"round_loss", "joint", func(*everything) {}},
	{"round_loss", "uai", func(e *everything) { e.UAI.UAIOnly = true }},
	{"uai_optimizer", "shared", func(*everything) {}},
	{"uai_optimizer", "separate", func(e *everything) { e.UAI.Separate = true }},
	{"head", "linear", func(*everything) {}},
	{"head", "mlp", func(e *everything) { e.UAI.Head = []int{16} }},
	{"head_hidden", []int{5, 4}, func(*everything) {}}, // acts only with mlp: TestLaterDefaults
	{"switch", "calls", func(*everything) {}},
	{"switch", "confidence", func(e *everything) { e.UAI.Switch = 100 }},
	{"switch_window", 9, func(*everything) {}},
	{"clean_uai", true, nil}, // set by the constructor: TestRegistryBuilds
}

// TestSettings: each value of each parameter sets its own field and no other.
func TestSettings(t *testing.T) {
	make := func(given map[string]any) everything {
		p := bench.Complete(infoOf(t, "dae_uai").Params, resolved(t, "dae_uai", given))
		return everything{daeSettings(p, 7, buildOptions{threads: 3}), uaiSettings(p)}
	}
	standard := func() everything {
		return everything{
			deep.DAESettings{
				Settings: deep.Settings{
					Hidden: []int{256, 64,
						8}, Activation: nn.ReLU, Latent: nn.Auto, Batch: 256, Pretrain: 5000,
					Optimizer: nn.RMSprop{Rate: 0.01, Decay: 0.9,
						Epsilon: 1e-10}, Seed: 7, Threads: 3,
				},
				Noise: 0.1, Output: nn.Linear,
			},
			deep.UAISettings{
				Round: 100, Cold: deep.ColdStart{Calls: 10},
				Score: deep.RawScore, Init: deep.GlorotInit, Labelled: deep.Uniform, Gamma: 1,
			},
		}
	}
	if got, want := make(nil), standard(); !reflect.DeepEqual(got, want) {
		t.Errorf("defaults:\n%+v\nwant\n%+v", got, want)
	}
	tried := map[string][]any{}
	for _, s := range settingOf {
		tried[s.name] = append(tried[s.name], s.value)
		if s.apply == nil {
			continue
		}
		want := standard()
		s.apply(&want)
		if got := make(map[string]any{s.name: s.value}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %v:\n%+v\nwant\n%+v", s.name, s.value, got, want)
		}
	}
	for _, p := range infoOf(t, "dae_uai").Params {
		if len(tried[p.Name]) < max(1, len(p.Enum)) {
			t.Errorf("%s: only %v of its values %v are in the table", p.Name, tried[p.Name], p.Enum)
		}
	}
	p := resolved(t, "class", map[string]any{"batch": 17})
	want := standard().DAE.Settings
	want.Batch = 17
	if got := settings(p, 7, buildOptions{threads: 3}); !reflect.DeepEqual(got, want) {
		t.Errorf("class:\n%+v\nwant\n%+v", got, want)
	}
	cache := sharedPretraining{key: "key"}
	if settings(p, 7, buildOptions{cache: cache}).Cache != cache {
		t.Error("the cache of pre-trainings is not passed on")
	}
}

// TestRegistryBuilds: learners that the registry builds audit and score exactly as ones built by
// hand with package deep.
func TestRegistryBuilds(t *testing.T) {
	set := deep.Settings{Hidden: []int{8, 3}, Batch: 32, Pretrain: 40, Seed: 1}
	noisy := deep.DAESettings{Settings: set, Noise: 0.1}
	clean := noisy
	clean.CleanUAI = true
	uai := deep.UAISettings{Round: 10, Cold: deep.ColdStart{Calls: 10}}
	for _, c := range []struct {
		id    string
		given map[string]any
		want  bench.Learner
	}{
		{"dae", nil, bench.Passive(deep.NewUnsupervised(deep.NewDAE(noisy), set))},
		{"dae", map[string]any{"rerank": true}, deep.NewReranked(deep.NewDAE(noisy), set, 10)},
		{"class", nil, bench.Passive(deep.NewUnsupervised(deep.NewClass(set), set))},
		{"class", map[string]any{"rerank": true}, deep.NewReranked(deep.NewClass(set), set, 10)},
		{"dae_uai", nil, deep.NewUAI(deep.NewDAE(noisy), set, uai)},
		{"dae_uai", map[string]any{"clean_uai": true}, deep.NewUAI(deep.NewDAE(clean), set, uai)},
		{"class_uai", nil, deep.NewUAI(deep.NewClass(set), set, uai)},
	} {
		rows, scores := audit(t, c.id, c.given, 1)
		wantRows, wantScores := run(t, c.want)
		if !slices.Equal(rows, wantRows) || !slices.Equal(scores, wantScores) {
			t.Errorf("%s %v differs from the one made by hand: rows %v, want %v", c.id, c.given,
				rows[:12], wantRows[:12])
		}
	}
}
