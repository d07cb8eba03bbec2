// Package folder writes the files of a report below one folder, atomically and in the requested
// formats, and records their paths.
package folder

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/uaibench/uaibench/report/plot"
)

// Folder is the destination of a report's files, in the requested formats.
type Folder struct {
	Dir     string
	Formats []string
	Paths   []string // written so far, in order
}

// Requested reports whether a format is requested.
func (f *Folder) Requested(format string) bool { return slices.Contains(f.Formats, format) }

// Image is the format of plots that documents embed; "" if no plots are requested.
func (f *Folder) Image() string {
	for _, format := range []string{"svg", "png"} {
		if f.Requested(format) {
			return format
		}
	}
	return ""
}

// Put writes a file below the folder. name is slash-separated.
func (f *Folder) Put(name string, data []byte) error {
	path := filepath.Join(f.Dir, filepath.FromSlash(name))
	if err := writeFile(path, data); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	f.Paths = append(f.Paths, path)
	return nil
}

// Plots writes drawings to plots/*.svg and plots/*.png.
func (f *Folder) Plots(figures []*plot.Drawing) error {
	for _, d := range figures {
		if f.Requested("svg") {
			if err := f.Put("plots/"+d.Slug+".svg", d.SVG()); err != nil {
				return err
			}
		}
		if f.Requested("png") {
			data, err := d.PNG()
			if err != nil {
				return fmt.Errorf("report: %s.png: %w", d.Slug, err)
			}
			if err := f.Put("plots/"+d.Slug+".png", data); err != nil {
				return err
			}
		}
	}
	return nil
}
