package spec

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// How cells are measured: on the whole pool, by audits, or on the other half of a split.

func (p *Protocols) decode(d *decoder, n *node) bool {
	if n.kind != isList {
		one := new(Protocol)
		if !d.decode(n, one) {
			return false
		}
		*p = Protocols{one}
		return true
	}
	if len(n.items) == 0 {
		d.fail(n, "the list is empty: it needs at least one protocol")
		return false
	}
	if d.tooLong(n) {
		return false
	}
	good := true
	for _, item := range n.items {
		one := new(Protocol)
		good = d.decode(item, one) && good
		*p = append(*p, one)
	}
	return good
}

func (p *Protocol) decode(d *decoder, n *node) bool {
	if n.kind != isMap {
		if n.kind != isText {
			d.fail(n, "%s", n.wrong("pool or {split: half, train: …}"))
			return false
		}
		var word string
		return d.word(n, "a protocol", protocols, &word)
	}
	before := len(d.errs)
	d.fields(n, p)
	if at, ok := n.get("ratio"); ok && p.Flags == flagsOwn {
		d.fail(at, "a method that flags by its own threshold needs no ratio")
	} else if ok && p.Ratio != nil && *p.Ratio == 0 {
		d.fail(at, "a ratio of 0 flags nothing")
	}
	if at, ok := n.get("round"); ok && p.Flags == flagsOwn {
		d.fail(at, "a method that flags by its own threshold rounds nothing")
	}
	return len(d.errs) == before
}

func (h *Halving) decode(d *decoder, n *node) bool {
	return d.word(n, "a way to split", halvings, (*string)(h))
}

func (f *FlagRule) decode(d *decoder, n *node) bool {
	return d.word(n, "a rule for flags", flagRules, (*string)(f))
}

func (r *Rounding) decode(d *decoder, n *node) bool {
	return d.word(n, "a way to round", roundings, (*string)(r))
}

func (s *ShareOf) decode(d *decoder, n *node) bool {
	return d.word(n, "what a contamination is a share of", sharesOf, (*string)(s))
}

func (y *YesNo) decode(d *decoder, n *node) bool {
	v, ok := d.value(n, bench.Param{Kind: bench.Bool})
	if ok {
		*y = YesNo(v.(bool))
	}
	return ok
}

func (t *Trains) decode(d *decoder, n *node) bool {
	if n.kind != isList {
		var one Train
		if !d.decode(n, &one) {
			return false
		}
		*t = Trains{one}
		d.where[&(*t)[0]] = n
		return true
	}
	if len(n.items) == 0 {
		d.fail(n, "the list is empty: it needs at least one of clean, contaminated, dirty and {contamination}")
		return false
	}
	if d.tooLong(n) {
		return false
	}
	*t = make(Trains, len(n.items))
	good := true
	for i, item := range n.items {
		good = d.decode(item, &(*t)[i]) && good
	}
	return good
}

func (t *Train) decode(d *decoder, n *node) bool {
	if n.kind != isMap {
		return d.word(n, "what the training half keeps (clean, contaminated, dirty or {contamination: share})", trains, &t.Keep)
	}
	before := len(d.errs)
	d.fields(n, &t.Mix)
	t.Keep = bench.TrainContaminated
	if at, ok := n.get("contamination"); ok && len(d.errs) == before && (t.Contamination == 0 || t.Contamination == 1) {
		d.fail(at, "a contamination is between 0 (clean) and 1")
	}
	return len(d.errs) == before
}

// measuring is a protocol as cells have it; what the dataset gives is 0 until it is known.
type measuring struct {
	at        *node // nil: by default
	pool      bool
	split     bench.Split
	threshold bench.Threshold
}

// protocolsOf are a method's: its own or the spec's, whichever layer is the latest; a list of what the training half
// keeps is one for each.
func (r *resolver) protocolsOf(m *entry) []measuring {
	for i := len(r.layers) - 1; i >= 0; i-- {
		list := r.layers[i].Protocol
		if i == m.layer && m.says.Protocol != nil {
			list = m.says.Protocol
		}
		if list == nil {
			continue
		}
		var out []measuring
		seen := map[string]bool{}
		for _, p := range list {
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
	return []measuring{{pool: true}}
}

func (r *resolver) measurings(p *Protocol) []measuring {
	if p.Split == "" {
		return []measuring{{at: r.where[p], pool: true}}
	}
	threshold := bench.Threshold{Own: p.Flags == flagsOwn}
	if !threshold.Own {
		threshold.Round = bench.RoundUp
		if p.Round != "" {
			threshold.Round = string(p.Round)
		}
		if p.Ratio != nil {
			threshold.Ratio = float64(*p.Ratio)
		}
	}
	var out []measuring
	for i := range p.Train {
		t := &p.Train[i]
		s := bench.Split{Train: t.Keep, Contamination: float64(t.Contamination), Stratified: p.Stratify == nil || bool(*p.Stratify)}
		if t.Of == bench.OfAnomalies {
			s.Of = bench.OfAnomalies
		}
		out = append(out, measuring{at: r.where[t], split: s, threshold: threshold})
	}
	return out
}

// on fills in what the dataset gives; false where the paper gives it nothing.
func (m measuring) on(d bench.DatasetInfo) (measuring, string) {
	if m.pool {
		return m, ""
	}
	if !m.threshold.Own && m.threshold.Ratio == 0 {
		if m.threshold.Ratio = d.Halves.Ratio; m.threshold.Ratio == 0 {
			return m, fmt.Sprintf("the paper prints no ratio of anomalies for %s: give the protocol a ratio, or flags: own", d.ID)
		}
	}
	if m.split.Train == bench.TrainContaminated && m.split.Contamination == 0 {
		if m.split.Contamination = d.Halves.Contamination; m.split.Contamination == 0 {
			return m, fmt.Sprintf("Table 3 contaminates no training half of %s: write {contamination: share}", d.ID)
		}
	}
	return m, ""
}

// describe says what sets a halved cell's protocol apart, for its settings.
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

// checkReach says for which of a dataset's variants there is no such training half, as far as the catalogue knows the
// numbers of their rows.
func (r *resolver) checkReach(m measuring, p *pool) {
	if p.data.Anomalies == nil || p.data.Rows == nil {
		return
	}
	for _, v := range p.variants {
		params, seed := bench.Complete(p.data.Params, v.params), r.dataSeed()
		rows, exact := p.data.Rows(params, seed)
		anomalies, known := p.data.Anomalies(params, seed)
		if !exact || !known {
			continue
		}
		if err := m.split.Reaches(rows-anomalies, anomalies); err != nil {
			r.fail(m.at, "%s: %v", strings.TrimSpace(p.id+" "+settingsText(v.settings)), err)
		}
	}
}

// checkProtocols says which methods cannot be measured as they are to be, and where.
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
				if m.says.Protocol == nil {
					at = m.at
				}
				filled, missing := how.on(p.data)
				switch {
				case m.method.Active:
					r.fail(at, "%s learns from audits, and a split has none: give the methods that it is for a protocol of their own", m.id)
				case how.threshold.Own && !m.method.Flags:
					r.fail(at, "%s has no threshold of its own: its rows are flagged by ratio", m.id)
				case missing != "":
					r.fail(how.at, "%s", missing)
				default:
					r.checkReach(filled, p)
				}
			}
		}
		if root := r.root; audited && len(p.budgets) == 0 && root != nil {
			r.require(root, "budget", ": a number of audits, anomalies or all")
		}
	}
}
