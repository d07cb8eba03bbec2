package bench

// OwnLabel is the label that the plan gives a cell's dataset, where it says more than the
// catalogue's title; else "".
func (c Catalog) OwnLabel(p PlannedCell) string {
	if d, _ := c.Dataset(p.Cell.Dataset.ID); p.DatasetLabel == d.Title {
		return ""
	}
	return p.DatasetLabel
}

// DatasetName is how one speaks of a cell's dataset where there is little room: by the plan's own
// label, or by its id.
func (c Catalog) DatasetName(p PlannedCell) string {
	if label := c.OwnLabel(p); label != "" {
		return label
	}
	return p.Cell.Dataset.ID
}
