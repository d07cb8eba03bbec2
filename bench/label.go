package bench

// OwnLabel returns the plan's label of a cell's dataset if it is not the catalogue's title, else
// "".
func (c Catalog) OwnLabel(p PlannedCell) string {
	if d, _ := c.Dataset(p.Cell.Dataset.ID); p.DatasetLabel == d.Title {
		return ""
	}
	return p.DatasetLabel
}

// DatasetName returns a short name of a cell's dataset: the plan's own label, or the id.
func (c Catalog) DatasetName(p PlannedCell) string {
	if label := c.OwnLabel(p); label != "" {
		return label
	}
	return p.Cell.Dataset.ID
}
