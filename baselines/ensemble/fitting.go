package ensemble

import (
	"fmt"

	"github.com/uaibench/uaibench/bench"
)

// fitting says what makes d unfit to fit a model on: neither a tree nor a histogram has a place for what is no number.
func fitting(model string, d bench.Data) error {
	if d.Rows() < 1 || d.X.Cols < 1 {
		return fmt.Errorf("%s: there is nothing to fit: %d rows x %d columns", model, d.Rows(), d.X.Cols)
	}
	for i, v := range d.X.Data {
		if v-v != 0 { // NaN and infinities
			return fmt.Errorf("%s: row %d, column %d of the training data is %v: it must be a finite number", model, i/d.X.Cols, i%d.X.Cols, v)
		}
	}
	return nil
}
