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

// TestDAGMMDefaults: the defaults, written down independently from their sources. Zong et al. 2018:
// tanh, one hidden layer of 10 in the estimation network, dropout that keeps a half, Adam at 1e-4,
// weights 0.1 and 0.005, a sum of squares. Ours, for datasets without published settings:
// d-30-10-1, two components, batches of 1,024, 20,000 steps; 1e-6 on the diagonal. Below a UAI
// layer the paper's 5,000 steps of 256 rows, and its RMSprop for the layer.
func TestDAGMMDefaults(t *testing.T) {
	alone := map[string]any{
		"compression": []int{30, 10, 1}, "estimation": []int{10}, "components": 2,
		"keep_probability": 0.5,
		"batch":            1024, "pretrain_steps": 20000, "epochs": 0, "untrained": false, "learning_rate": 1e-4, "lambda_energy": 0.1,
		"lambda_covariance": 0.005, "diagonal": 1e-6, "reduction": "sum",
	}
	below := maps.Clone(alone)
	below["batch"], below["pretrain_steps"] = 256, 5000
	below["uai_learning_rate"], below["decay"], below["epsilon"], below["latent"] = 0.01, 0.9, 1e-10, "code"
	maps.Copy(alone, staticDefaults)
	maps.Copy(below, uaiDefaults)
	for id, want := range map[string]map[string]any{"dagmm": alone, "dagmm_uai": below} {
		if got := map[string]any(resolved(t, id, nil)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n%v\nwant\n%v", id, got, want)
		}
	}
}

// TestDAGMMSettings: each parameter sets its own field and no other.
func TestDAGMMSettings(t *testing.T) {
	make := func(given map[string]any) deep.DAGMMSettings {
		return dagmmSettings(resolved(t, "dagmm", given), 7, buildOptions{threads: 3})
	}
	standard := func() deep.DAGMMSettings {
		return deep.DAGMMSettings{
			Settings: deep.Settings{Hidden: []int{30, 10, 1}, Batch: 1024, Pretrain: 20000,
				Seed: 7, Threads: 3},
			Adam:       nn.Adam{Rate: 1e-4},
			Estimation: []int{10}, Components: 2, Keep: 0.5, Energy: 0.1, Covariance: 0.005, Diagonal: 1e-6,
		}
	}
	tried := map[string]bool{}
	for _, c := range []struct {
		name  string
		value any
		apply func(*deep.DAGMMSettings)
	}{
		{"compression", []int{5, 2}, func(s *deep.DAGMMSettings) { s.Hidden = []int{5, 2} }},
		{"estimation", []int{7, 6}, func(s *deep.DAGMMSettings) { s.Estimation = []int{7, 6} }},
		{"components", 4, func(s *deep.DAGMMSettings) { s.Components = 4 }},
		{"keep_probability", 1.0, func(s *deep.DAGMMSettings) { s.Keep = 1 }},
		{"batch", 17, func(s *deep.DAGMMSettings) { s.Batch = 17 }},
		{"pretrain_steps", 18, func(s *deep.DAGMMSettings) { s.Pretrain = 18 }},
		{"epochs", 19, func(s *deep.DAGMMSettings) { s.Epochs = 19 }},
		{"untrained", true, func(s *deep.DAGMMSettings) { s.Untrained = true }},
		{"learning_rate", 0.5, func(s *deep.DAGMMSettings) { s.Adam.Rate = 0.5 }},
		{"lambda_energy", 0.25, func(s *deep.DAGMMSettings) { s.Energy = 0.25 }},
		{"lambda_covariance", 0.125, func(s *deep.DAGMMSettings) { s.Covariance = 0.125 }},
		{"diagonal", 0.375, func(s *deep.DAGMMSettings) { s.Diagonal = 0.375 }},
		{"reduction", "mean", func(s *deep.DAGMMSettings) { s.MeanFeatures = true }},
	} {
		tried[c.name] = true
		want := standard()
		c.apply(&want)
		if got := make(map[string]any{c.name: c.value}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s = %v:\n%+v\nwant\n%+v", c.name, c.value, got, want)
		}
	}
	for _, p := range dagmmAlone {
		if !tried[p.Name] {
			t.Errorf("%s is not in the table", p.Name)
		}
	}
}

// TestDAGMMBuilds: learners that the registry builds audit and score exactly as ones built by hand;
// the two methods share a pre-training of the same settings.
func TestDAGMMBuilds(t *testing.T) {
	set := deep.Settings{Hidden: []int{4, 2}, Batch: 32, Pretrain: 40, Seed: 1}
	settings := deep.DAGMMSettings{Settings: set}
	wide := settings
	wide.Features = true
	layer := set
	layer.Optimizer = nn.RMSprop{Rate: 0.5, Decay: 0.8, Epsilon: 0.25}
	uai := deep.UAISettings{Round: 10, Cold: deep.ColdStart{Calls: 10}}
	never := settings
	never.Untrained = true
	for _, c := range []struct {
		id    string
		given map[string]any
		want  bench.Learner
	}{
		{"dagmm", nil, bench.Passive(deep.NewUnsupervised(deep.NewDAGMM(settings), set))},
		{"dagmm", map[string]any{"untrained": true, "epochs": 3},
			bench.Passive(deep.NewUnsupervised(deep.NewDAGMM(never), never.Settings))},
		{"dagmm", map[string]any{"rerank": true},
			deep.NewReranked(deep.NewDAGMM(settings), set, 10)},
		{"dagmm_uai", nil, deep.NewUAI(deep.NewDAGMM(settings), set, uai)},
		{"dagmm_uai", map[string]any{"latent": "all"}, deep.NewUAI(deep.NewDAGMM(wide), set, uai)},
		{"dagmm_uai", map[string]any{"uai_learning_rate": 0.5, "decay": 0.8, "epsilon": 0.25},
			deep.NewUAI(deep.NewDAGMM(settings), layer, uai)},
	} {
		rows, scores := audit(t, c.id, c.given, 1)
		wantRows, wantScores := run(t, c.want)
		if !slices.Equal(rows, wantRows) || !slices.Equal(scores, wantScores) {
			t.Errorf("%s %v differs from the one made by hand: rows %v, want %v", c.id, c.given,
				rows[:12], wantRows[:12])
		}
	}
	same := map[string]any{"batch": 64, "pretrain_steps": 99}
	var keys []string
	for _, id := range []string{"dagmm", "dagmm_uai"} {
		m := infoOf(t, id)
		keys = append(keys,
			PretrainingKey(bench.Cell{Method: bench.MethodRef{ID: id, Version: m.Version,
				Params: resolved(t, id, same)}, Seed: 1}))
	}
	if keys[0] != keys[1] || keys[0] == "" {
		t.Errorf("pre-trainings %q and %q", keys[0], keys[1])
	}
}
