package figures

import (
	"encoding/json"
	"testing"

	"github.com/uaibench/uaibench/bench/runlog"
)

// The best line of a projection parsed from JSON: the anomalies lie above it.
func TestBestLine(t *testing.T) {
	var p runlog.LatentProjection
	text := `{"dim":1,"anomalies":{"of":2,"row":[1,2],"l":[0,9],"s":[5,6]},"normals":{"of":2,"row":[0,3],"l":[0,9],"s":[0,1]}}`
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from the cache
		if l, ok := bestLine(&p); !ok || l.Balanced != 1 || l.B <= 0 {
			t.Errorf("%+v, %v", l, ok)
		}
	}
	if _, ok := bestLine(new(runlog.LatentProjection)); ok {
		t.Error("a line without points")
	}
}
