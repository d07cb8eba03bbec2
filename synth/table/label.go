package table

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Meanings of label values if Options.Anomaly is nil.
var (
	anomalous = []string{"1", "true", "anomaly", "yes", "o"}
	normal    = []string{"0", "-1", "false", "nominal", "normal", "no", "n", "i"}
)

// same reports whether two values are equal but for case or the notation of a number.
func same(a, b string) bool {
	if strings.EqualFold(a, b) {
		return true
	}
	x, why := ParseNumber(a)
	if why != "" {
		return false
	}
	y, why := ParseNumber(b)
	return why == "" && x == y
}

func among(list []string, value string) bool {
	return slices.ContainsFunc(list, func(v string) bool {
		return same(strings.TrimSpace(v),
			value)
	})
}

// judge reports whether a label value means an anomaly; known is false if its meaning is unknown.
func judge(explicit []string, value string) (anomaly, known bool) {
	if explicit != nil {
		return among(explicit, value), true
	}
	anomaly = among(anomalous, value)
	return anomaly, anomaly || among(normal, value)
}

// visitLabel stores a cell of the label.
func (b *builder) visitLabel(c *cell, t *tally) {
	word := c.word()
	if word == "" {
		b.miss(c, t)
		return
	}
	v, ok := b.labels[word]
	if !ok {
		v = &labelValue{}
		v.anomaly, v.known = judge(b.opt.Anomaly, word)
		if len(b.labels) <= 10*MaxLevels { // a column with more values is no label: count none
			b.labels[strings.Clone(word)] = v
		}
	}
	v.rows++
	b.anomaly[c.row] = v.anomaly
	if !v.known {
		b.log.add("label", b.sheet.place(c, c.col,
			fmt.Sprintf("the label is %s: want one of %s (anomalies) or %s; or name the values "+
				"that are anomalies (anomaly: [%s])",
				Quote(word), strings.Join(anomalous, ", "), strings.Join(normal, ", "), word)))
	}
}

// checkLabel checks the label's values once all rows are read. left is the number of remaining
// rows, anomalies that of the anomalies among them.
func (b *builder) checkLabel(left, anomalies int) {
	p := b.sheet.place(nil, b.label, "")
	for _, want := range b.opt.Anomaly {
		found := false
		for have, v := range b.labels {
			found = found || v.anomaly && same(strings.TrimSpace(want), have)
		}
		if !found {
			p.Why = fmt.Sprintf("anomaly: no row has %s; the label is %s", Quote(want),
				b.labelCounts())
			b.log.add("anomaly"+want, p)
		}
	}
	switch {
	case len(b.log.list) > 0:
	case anomalies == 0:
		p.Why = fmt.Sprintf("no row is an anomaly: the label is %s", b.labelCounts())
		b.log.add("none", p)
	case anomalies == left:
		p.Why = fmt.Sprintf("every row is an anomaly: the label is %s", b.labelCounts())
		b.log.add("all", p)
	}
}

// labelCounts lists the label's values and their rows, the most frequent first.
func (b *builder) labelCounts() string {
	values := slices.SortedFunc(maps.Keys(b.labels), func(x, y string) int {
		return cmp.Or(-cmp.Compare(b.labels[x].rows, b.labels[y].rows), cmp.Compare(x, y))
	})
	const most = 6
	var out []string
	for _, v := range values[:min(most, len(values))] {
		out = append(out, fmt.Sprintf("%s in %s", Quote(v), rows(b.labels[v].rows)))
	}
	if n := len(values) - most; n > 0 {
		out = append(out, fmt.Sprintf("and %s other values", Group(int64(n))))
	}
	if len(out) == 0 {
		return "empty"
	}
	return strings.Join(out, ", ")
}

func rows(n int) string {
	if n == 1 {
		return "1 row"
	}
	return Group(int64(n)) + " rows"
}
