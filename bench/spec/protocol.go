package spec

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// Protocols: cells are measured on the complete pool, by audits, or on the other half of a split.

// measuring is a protocol as cells have it; values that the dataset gives are 0 until on sets them.
type measuring struct {
	at        *node // nil: the default protocol
	pool      bool
	split     bench.Split
	threshold bench.Threshold
}

// protocolsOf returns a method's protocols: its own or the spec's, whichever is of the later layer.
// A split whose train is a list gives one protocol for each item.
func (r *resolver) protocolsOf(m *entry) []measuring {
	list := &r.choices.Protocol
	if own := &m.method.Protocol; *own != nil {
		list = latest(r.decoder, own, list)
	}
	var out []measuring
	seen := map[string]bool{}
	for _, p := range *list {
		for _, one := range r.measurings(p) {
			key := fmt.Sprint(one.pool, one.split, one.threshold)
			if seen[key] {
				r.fail(one.at, "this protocol is listed twice")
			}
			seen[key] = true
			out = append(out, one)
		}
	}
	return out
}

func (r *resolver) measurings(p *Protocol) []measuring {
	if p.Word != "" {
		return []measuring{{at: r.where[p], pool: true}}
	}
	threshold := bench.Threshold{Own: p.Flags == flagsOwn}
	if !threshold.Own {
		threshold.Round = p.Round
		if p.Ratio != nil {
			threshold.Ratio = *p.Ratio
		}
	}
	var out []measuring
	for _, t := range p.Train {
		s := bench.Split{Train: t.Keep, Contamination: t.Contamination, Stratified: p.Stratify}
		if t.Of == bench.OfAnomalies {
			s.Of = bench.OfAnomalies
		}
		out = append(out, measuring{at: r.where[t], split: s, threshold: threshold})
	}
	return out
}

// on fills in the values that the dataset gives, and returns an error message if one is missing.
func (m measuring) on(d bench.DatasetInfo) (measuring, string) {
	if m.pool {
		return m, ""
	}
	if !m.threshold.Own && m.threshold.Ratio == 0 {
		if m.threshold.Ratio = d.Halves.Ratio; m.threshold.Ratio == 0 {
			return m, fmt.Sprintf("the paper gives no ratio of anomalies for %s:"+
				" give the protocol a ratio, or flags: own", d.ID)
		}
	}
	if m.split.Train == bench.TrainContaminated && m.split.Contamination == 0 {
		if m.split.Contamination = d.Halves.Contamination; m.split.Contamination == 0 {
			return m, fmt.Sprintf("Table 3 has no contaminated training half of %s:"+
				" write {contamination: share}", d.ID)
		}
	}
	return m, ""
}

// describe names what distinguishes a split cell's protocol, for its settings.
func (m measuring) describe() string {
	out := m.split.String()
	switch {
	case m.threshold.Own:
		out += ", own flags"
	case m.threshold.Round == bench.RoundDown:
		out += ", floor"
	}
	return out
}

// checkReach reports the combinations of a dataset's parameters for which the training half does
// not exist, as far as the catalogue knows their numbers of rows and anomalies.
func (r *resolver) checkReach(m measuring, p *pool) {
	if p.data.Anomalies == nil || p.data.Rows == nil {
		return
	}
	for _, v := range p.combinations {
		params := bench.Complete(p.data.Params, v.params)
		for _, seed := range r.dataSeeds() {
			rows, exact := p.data.Rows(params, seed)
			anomalies, known := p.data.Anomalies(params, seed)
			if !exact || !known {
				continue
			}
			if err := m.split.Reaches(rows-anomalies, anomalies); err != nil {
				of := strings.TrimSpace(p.who() + " " + bench.SettingsText(v.settings))
				r.fail(m.at, "%s: %v", of, err)
				break
			}
		}
	}
}

// checkProtocols reports methods that cannot be measured by their protocols on some dataset.
func (r *resolver) checkProtocols() {
	for _, p := range r.pools {
		audited := false
		for _, m := range p.methods {
			for _, how := range r.protocolsOf(m.entry) {
				audited = audited || how.pool
				if how.pool {
					continue
				}
				at := how.at
				if m.method.Protocol == nil {
					at = m.at
				}
				filled, missing := how.on(*p.data)
				switch {
				case m.info.Active:
					r.fail(at, "%s learns from audits, and a split has none:"+
						" write protocol in the entries of the other methods", m.who())
				case how.threshold.Own && !m.info.Flags:
					r.fail(at, "%s has no threshold of its own: write flags: ratio",
						m.ID)
				case missing != "":
					r.fail(how.at, "%s", missing)
				default:
					r.checkReach(filled, p)
				}
			}
		}
		if root := r.root; audited && len(p.budgets) == 0 && root != nil {
			r.require(root, "budget", budgetHint)
		}
	}
}
