package figures

import (
	"testing"

	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
)

// TestCheckpointTable checks the means over seeds by hand, the note on a seed that ended early, and
// that there is no table without checkpoints.
func TestCheckpointTable(t *testing.T) {
	f := fake.New("checkpoints")
	if checkpoints.Applies(model.New(f.Run, fake.Catalog())) {
		t.Error("a table of no checkpoints")
	}
	for i, auc := range []float64{0.5, 0.75} {
		c := f.Add(fake.Dataset("mnist0", nil), "dae_uai", "DAE_uai", uint64(i), fake.Outcome{Rows: 50, N: 4, Found: metric.RecallCurve{1}})
		c.Result.Checkpoints = []runlog.Checkpoint{
			{At: 0, Audited: 0, Head: "base", Ranks: runlog.RankMetrics{ROCAUC: &auc}},
			{At: 20, Audited: 20 - 5*i, Head: "trained", Ranks: runlog.RankMetrics{ROCAUC: &auc, AveragePrecision: &auc}},
		}
	}
	tab := checkpointTable(model.New(f.Run, fake.Catalog()))
	if len(tab.Rows) != 2 {
		t.Fatalf("%d rows", len(tab.Rows))
	}
	expect(t, row(t, tab, "MNIST0", "DAE_uai", "0"), map[string]string{"score": "base", "seeds": "2", "ROC-AUC": "0.625 (0.177)", "average precision": "undefined"})
	expect(t, row(t, tab, "MNIST0", "DAE_uai", "20"), map[string]string{
		"audits": "20 {some seeds had found every anomaly before: their last model is shown}", "score": "trained", "average precision": "0.625 (0.177)",
	})
}
