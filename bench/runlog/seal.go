package runlog

// A seal is the SHA-256 of a file's other fields in their form on disk. It stands in plan.json, in
// status.json and in each entry of env.json, which no cell's digest covers: a label of a curve, the
// seconds, the number of attempts and what ran where cannot be edited by hand unseen. It is no
// signature: who computes it anew can also write files anew, which only replaying and running again
// finds out. Files of before seals have none.

// ComputeSeal gives the seal that belongs to the other fields.
func (p PlanFile) ComputeSeal() (string, error) {
	p.Seal = ""
	return sealOf(p)
}

// ComputeSeal gives the seal that belongs to the other fields.
func (s Status) ComputeSeal() (string, error) {
	s.Seal = ""
	return sealOf(s)
}

// ComputeSeal gives the seal that belongs to the other fields.
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
