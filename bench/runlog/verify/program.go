package verify

// Promises tells whether a done cell's bytes can be had again: a program of the user's own may say
// that its cannot.
func (v *Report) Promises(id string) bool {
	for _, c := range v.cells {
		if c.ID == id && c.result != nil && c.result.Program != nil {
			return c.result.Program.Deterministic
		}
	}
	return true
}
