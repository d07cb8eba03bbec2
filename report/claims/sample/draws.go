package sample

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/uaibench/uaibench/bench"
)

// Draws is draws.json: counts of datasets over draws of their data, from the data alone. They are
// evidence for what the paper says of its datasets, and no cell is needed for it.
type Draws struct {
	Datasets []DrawnDataset `json:"datasets"`
}

// DrawnDataset is one of the catalogue's, with its default parameters, as the data seeds 1 to Draws
// draw it.
type DrawnDataset struct {
	ID      string `json:"id"`
	Version int    `json:"version"` // of its builder
	Draws   int    `json:"draws"`

	// Counts are by the name of a metric: a number for each seed, or one number where all are
	// equal.
	Counts map[string][]int `json:"counts"`
}

// ReadDraws reads draws.json, which messages call name.
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

// Of gives a metric's values of a dataset, one a draw; none where there are none, or where they are
// of another version of its builder than the catalogue's.
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
