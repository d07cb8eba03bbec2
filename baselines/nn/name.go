package nn

// Name returns the name that ParseActivation reads.
func (a Activation) Name() string {
	for name, b := range activations {
		if a == b {
			return name
		}
	}
	panic("nn: an activation without a name")
}
