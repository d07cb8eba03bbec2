package site

import (
	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/report/claims"
	"github.com/uaibench/uaibench/report/claims/ledger"
	"github.com/uaibench/uaibench/report/claims/rule"
	"github.com/uaibench/uaibench/report/nights"
)

// Claims judges each night by itself. Claims on which no night has a verdict are omitted.
func Claims(l *ledger.Ledger, cat bench.Catalog, story *nights.Story) []Claim {
	var out []Claim
	at := map[string]int{}
	for i, night := range story.Nights {
		e := rule.Evidence{}
		e.Runs = append(e.Runs, night.Run)
		v := claims.Judge(l, cat, e).OfRun()
		if v == nil {
			continue
		}
		for _, c := range v.Claims {
			if _, known := at[c.ID]; !known {
				at[c.ID] = len(out)
				out = append(out, Claim{ID: c.ID, Sentence: c.Statement,
					Verdicts: make([]string, len(story.Nights))})
			}
			out[at[c.ID]].Verdicts[i] = c.Verdict
		}
	}
	return out
}
