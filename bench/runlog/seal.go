package runlog

// A seal is the SHA-256 of a structure's other fields in their form on disk. plan.json, status.json
// and each entry of env.json have one, since no cell's digest covers them: it reveals edits by hand
// of a curve's label, the seconds, the number of attempts or what ran where. A seal is no
// signature: whoever can recompute it can also rewrite the files, which only a replay or another
// run detects. Files from before seals have none.

// ComputeSeal returns the seal of the other fields.
func (p PlanFile) ComputeSeal() (string, error) {
	p.Seal = ""
	return sealOf(p)
}

// ComputeSeal returns the seal of the other fields.
func (s Status) ComputeSeal() (string, error) {
	s.Seal = ""
	return sealOf(s)
}

// ComputeSeal returns the seal of the other fields.
func (e Env) ComputeSeal() (string, error) {
	e.Seal = ""
	return sealOf(e)
}

func sealOf(v any) (string, error) {
	data, err := Encode(v)
	if err != nil {
		return "", err
	}
	return FileDigest(data), nil
}
