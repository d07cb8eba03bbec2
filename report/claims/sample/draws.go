package sample

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// Draws is draws.json: counts of datasets over draws of their data. They are evidence for the
// paper's statements on its datasets and need no cell.
type Draws struct {
	Datasets []DrawnDataset `json:"datasets"`
}

// DrawnDataset is a dataset of the catalogue with default parameters, drawn with the data seeds 1
// to Draws.
type DrawnDataset struct {
	ID      string `json:"id"`
	Version int    `json:"version"` // of its builder
	Draws   int    `json:"draws"`

	// Counts are by metric name: one number per seed, or a single one if all are equal.
	Counts map[string][]int `json:"counts"`
}

// ReadDraws parses draws.json; its errors begin with name.
func ReadDraws(name string, data []byte) (*Draws, error) {
	d := &Draws{}
	if err := json.Unmarshal(data, d); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	for _, s := range d.Datasets {
		for metric, xs := range s.Counts {
			if s.Draws < 1 || len(xs) != s.Draws && len(xs) != 1 {
				return nil, fmt.Errorf("%s: %s of %s has %d counts for %d draws", name, metric,
					s.ID,
					len(xs), s.Draws)
			}
		}
	}
	return d, nil
}

// Add sets a count of the dataset's draws, in the order of their seeds.
func (s *DrawnDataset) Add(metric string, xs []int) {
	if s.Counts == nil {
		s.Counts = map[string][]int{}
	}
	if same := slices.Compact(slices.Clone(xs)); len(same) == 1 {
		xs = same
	}
	s.Counts[metric] = xs
}

// Of returns a function that gives a metric's values on a dataset, one per draw; nil if there are
// none, or if they are of a version of its builder other than the catalogue's.
func (d *Draws) Of(cat bench.Catalog) func(dataset, metric string) []float64 {
	return func(dataset, metric string) []float64 {
		info, ok := cat.Dataset(dataset)
		i := slices.IndexFunc(d.Datasets, func(s DrawnDataset) bool {
			return s.ID == dataset && s.Version == info.Version
		})
		if !ok || i < 0 {
			return nil
		}
		s := d.Datasets[i]
		if metric == "anomaly_share" {
			share := s.values("anomalies")
			for k, rows := range s.values("rows") {
				share[k] /= rows
			}
			return share
		}
		return s.values(metric)
	}
}

func (s DrawnDataset) values(metric string) []float64 {
	xs := s.Counts[metric]
	if len(xs) == 0 {
		return nil
	}
	out := make([]float64, s.Draws)
	for i := range out {
		out[i] = float64(xs[min(i, len(xs)-1)])
	}
	return out
}
