package spec_test

import "encoding/json"

// roundTrip writes a value as JSON and reads it again.
func roundTrip[T any](v *T) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	*v = *new(T)
	return json.Unmarshal(text, v)
}
