package verify

// Promises reports whether another run of a done cell gives the same bytes. It is false only for a
// program of the user's own that declares itself not deterministic.
func (v *Report) Promises(id string) bool {
	for _, c := range v.cells {
		if c.ID == id && c.result != nil && c.result.Program != nil {
			return c.result.Program.Deterministic
		}
	}
	return true
}
