package runlog

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// EncodeLog writes the bytes that encoding/json writes, and DecodeLog decodes them alike.
func TestAuditLogIsJSON(t *testing.T) {
	anInt := rapid.OneOf(rapid.IntRange(0, 1<<20), rapid.Int())
	rapid.Check(t, func(r *rapid.T) {
		queries := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) Audit {
			return Audit{
				Number: anInt.Draw(r, "i"), Call: anInt.Draw(r, "call"), Rank: anInt.Draw(r, "rank"),
				Row: anInt.Draw(r, "row"),
				Score: rapid.OneOf(rapid.Float64(), rapid.Map(rapid.Float32(),
					func(v float32) float64 { return float64(v) })).Draw(r, "score"),
				Head: rapid.OneOf(rapid.SampledFrom([]string{"base", "trained", "", "<&>\"\n"}),
					rapid.String()).Draw(r, "head"),
				Label: rapid.Bool().Draw(r, "label"), Truth: rapid.Bool().Draw(r, "truth"),
				Found: anInt.Draw(r, "found"),
			}
		}), 1, 5).Draw(r, "audits")
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		for _, q := range queries {
			if err := e.Encode(q); err != nil {
				r.Fatal(err)
			}
		}
		got, err := EncodeLog(queries)
		if err != nil || string(got) != want.String() {
			r.Fatalf("%v\n%s\n%s", err, got, want.String())
		}
		again, err := DecodeLog("x", got)
		var decoded []Audit
		for d := json.NewDecoder(&want); d.More(); {
			var q Audit
			if err := d.Decode(&q); err != nil {
				r.Fatal(err)
			}
			decoded = append(decoded, q)
		}
		if diff := cmp.Diff(decoded, again); err != nil || diff != "" {
			r.Fatal(err, diff)
		}
	})
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if _, err := EncodeLog([]Audit{{Number: 7, Score: v}}); err == nil ||
			!strings.Contains(err.Error(), "audit 7") {
			t.Errorf("%v is written: %v", v, err)
		}
	}
}

// A line in another spelling is decoded, or refused, exactly as by encoding/json.
func TestOtherSpellingsOfAuditLines(t *testing.T) {
	const line = `{"i":1,"call":2,"rank":3,"row":4,"score":0.5,"head":"base","label":true,` +
		`"truth":false,"found":5}`
	for _, change := range [][2]string{
		{"", ""}, {`"i":1`, `"i": 1`}, {`"i":1`, `"i":01`}, {`"i":1`, `"i":+1`}, {`"i":1`, `"i":-0`},
		{`"i":1`, `"i":1.0`}, {`"i":1`, `"i":"1"`}, {`0.5`, `5e-1`}, {`0.5`, `.5`}, {`0.5`, `0x1p-1`},
		{`0.5`, `NaN`}, {`0.5`, `1e999`}, {`0.5`, `0.50`}, {`0.5`, `-0`}, {`0.5`, ``}, {`base`, `both`},
		{`base`, `b\u0061se`}, {`true`, `True`}, {`true`, `null`}, {`:5}`, `:5} `}, {`:5}`, `:5}}`},
		{`:5}`, `:5,"more":1}`}, {`:5}`, `:5`}, {`"call":2,`, ``}, {`"row"`, `"Row"`},
		{`"i":1`, `"i":99999999999999999999`},
	} {
		text := strings.Replace(line, change[0], change[1], 1)
		var want Audit
		refused := json.Unmarshal([]byte(text), &want)
		got, err := DecodeLog("x", []byte(text+"\n"))
		if (err == nil) != (refused == nil) {
			t.Errorf("%s: %v, encoding/json says %v", text, err, refused)
		} else if err == nil && cmp.Diff([]Audit{want}, got) != "" {
			t.Errorf("%s: %s", text, cmp.Diff([]Audit{want}, got))
		}
	}
}
