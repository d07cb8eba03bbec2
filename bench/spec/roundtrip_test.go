package spec_test

import "encoding/json"

// roundTrip encodes a value as JSON and decodes it again.
func roundTrip[T any](v *T) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	*v = *new(T)
	return json.Unmarshal(text, v)
}
