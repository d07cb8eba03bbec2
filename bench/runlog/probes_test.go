package runlog

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestLatentProjectionOfUnequalLists(t *testing.T) {
	const points = `"anomalies":{"of":2,"row":[1,2],"l":[3,4],"s":[5,6]},"normals":{"of":1,"row":[0],"l":[0],"s":[0]}`
	const fitted = `"dim":1,"w":[1,2],"mean":[1,2],"sd":[1,2]`
	for text, want := range map[string]string{
		"{" + fitted + "," + points + "}":                          "",
		`{"dim":8,"auc":0.5}`:                                      "",
		`{"dim":1,"w":[1,2],"mean":[1,2],"sd":[1]}`:                "2 weights, 2 means and 1 deviations",
		`{"dim":2,"w":[1,2],"mean":[1,2],"sd":[1,1]}`:              "2 latent dimensions with 2 weights",
		strings.Replace("{"+points+"}", `"s":[5,6]`, `"s":[5]`, 1): "2 rows, 2 l and 1 s",
		`{"dim":1,"normals":{"of":1,"row":[0],"l":[0],"s":[0]}}`:   "only one kind of row",
		"{" + fitted + "}":                                         "without points",
		`{"dim":"one"}`:                                            "cannot unmarshal string",
	} {
		var p LatentProjection
		err := json.Unmarshal([]byte(text), &p)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
