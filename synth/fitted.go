package synth

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// fits lists the settings of a dataset that were chosen to reproduce a number printed in the paper.
// A claim about such a number holds by construction and is no evidence for the paper.
func fits(d *bench.DatasetInfo) []bench.Fit {
	var out []bench.Fit
	where := "Table 2"
	if strings.HasPrefix(d.ID, "fashion") {
		where = "Table 4"
	}
	printed := fmt.Sprintf("the %d anomalies of %s", d.Published.Anomalies, where)
	switch strings.TrimPrefix(strings.TrimPrefix(d.ID, "mnist"), "fashion") {
	case "0", "0_2":
		out = append(out,
			bench.Fit{Param: "draw", Value: "exact",
				Is: "the number of images kept of the reduced classes", To: printed},
			bench.Fit{Param: "draw", Value: "bernoulli",
				Is: "the same stream of draws for MNIST and Fashion-MNIST",
				To: "the kept shares of Tables 2 and 4, which agree to 0.0003"})
	case "_hard":
		both := "the 2,108 and 9,656 anomalies of Tables 2 and 4, which its errors come near"
		out = append(out,
			bench.Fit{Param: "hidden", Value: 32, Is: "the weak classifier's size", To: both},
			bench.Fit{Param: "steps", Value: 600, Is: "the weak classifier's training", To: both},
			bench.Fit{Param: "calibrated", Value: true,
				Is: "the weak classifier's stopping point, within 1%", To: printed})
	}
	switch d.ID {
	case "kddcup", "kddcup_rev":
		for _, encoding := range encodingParam.Enum[:2] {
			out = append(out, bench.Fit{Param: "encoding", Value: encoding,
				Is: "leaving out a constant column",
				To: "the 120 features of Table 1; a plain encoding has 121"})
		}
	}
	if d.ID == "kddcup_rev" {
		out = append(out,
			bench.Fit{Param: "test", Is: "the test set's number of attacks, with all types " +
				"equally likely",
				To: "Figure 4's 7,315 attacks of 36 types"},
			bench.Fit{Param: "test", Value: "stratified",
				Is: "the test set's numbers of attacks of seen and of other types",
				To: "Figure 4's 3,817 and 3,498"})
	}
	if h := d.Halves; h.Ratio > 0 {
		out = append(out, bench.Fit{Split: true,
			Is: fmt.Sprintf("the share of a test half that is flagged (%v), by default", h.Ratio),
			To: "the share of anomalies that Tables 1, 2 and 4 print"},
			bench.Fit{Split: true, Is: "giving the test half the larger part of an odd number",
				To: "the quotients of recall and precision in Table 3"})
		if h.Contamination > 0 {
			out = append(out, bench.Fit{Split: true,
				Is: fmt.Sprintf("the contamination of the training half (%v), by default",
					h.Contamination),
				To: "the column of Table 3"})
		}
	}
	return out
}
