package metric

import (
	"fmt"
	"strconv"
	"strings"
)

// RunLengths is the recall curve of a complete ranking in a compact, lossless form: the lengths of
// its runs, alternately of normal rows and anomalies, starting with normal rows (0 if an anomaly is
// first) and ending with the last anomaly. "0 2 3 1" is two anomalies, three normal rows, one
// anomaly; "" has no anomaly. A good ranking of half a million rows has few runs, where the list of
// its anomalies' positions would have 97,278 numbers.
type RunLengths string

// RunLengths returns f in compact form.
func (f RecallCurve) RunLengths() RunLengths {
	var b []byte
	end, length := 0, 0 // of the current run of anomalies
	for _, j := range f {
		if j == end+1 && length > 0 {
			end, length = j, length+1
			continue
		}
		if length > 0 {
			b = append(strconv.AppendInt(b, int64(length), 10), ' ')
		}
		b = append(strconv.AppendInt(b, int64(j-end-1), 10), ' ')
		end, length = j, 1
	}
	if length > 0 {
		b = strconv.AppendInt(b, int64(length), 10)
	}
	return RunLengths(b)
}

// Curve decodes r. It is an error if r is not an output of RecallCurve.RunLengths, or extends
// beyond position most.
func (r RunLengths) Curve(most int) (RecallCurve, error) {
	f := RecallCurve{}
	if r == "" {
		return f, nil
	}
	at, n := 0, 0
	for text := range strings.SplitSeq(string(r), " ") {
		length, err := strconv.Atoi(text)
		if err != nil || length < 0 || length == 0 && n > 0 || strconv.Itoa(length) != text {
			return nil, fmt.Errorf("runs: number %d, %q, is not a run's length", n+1, text)
		}
		if length > most-at {
			return nil, fmt.Errorf("runs: they go beyond place %d", most)
		}
		if n%2 == 1 {
			for i := range length {
				f = append(f, at+i+1)
			}
		}
		at += length
		n++
	}
	if n%2 == 1 {
		return nil, fmt.Errorf("runs: they end with normal rows")
	}
	return f, nil
}
