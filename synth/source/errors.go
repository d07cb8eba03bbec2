package source

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// FileError is a raw file that cannot be used, with the reason and the remedy.
type FileError struct {
	Set    *Set
	File   bench.RawFile
	Path   string   // of the unusable file; "": there is none
	Why    string   // what is wrong with it, following the path in a sentence
	Looked []string // folders searched, if there is no file
	User   bool     // the unusable file is in the data directory, which takes precedence
	Err    error    // the cause; may be nil

	standIn string // a stand-in found in the file's place: its path and description
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Error puts the reason and the remedy into its first line, since callers may show only that; the
// searched folders follow.
func (e *FileError) Error() string {
	var b strings.Builder
	if e.Path == "" {
		fmt.Fprintf(&b, "%s: %s was not found; to get it: %s\n  Searched:", e.Set.Title,
			e.Set.name(e.File), e.Set.ways(true))
		for _, dir := range e.Looked {
			fmt.Fprintf(&b, "\n    %s", dir)
		}
		if e.standIn != "" {
			fmt.Fprintf(&b, "\n  %s", e.standIn)
		}
	} else {
		fmt.Fprintf(&b, "%s: %s (it should be %s of %s); to fix it: ", e.Path, e.Why,
			e.File.Name, e.Set.Title)
		if e.User {
			b.WriteString("remove that file, since the data directory takes precedence; then ")
		}
		b.WriteString(e.Set.ways(true))
	}
	return b.String()
}

// name returns a file's name as published: with ".gz" unless it is published uncompressed.
func (s *Set) name(file bench.RawFile) string {
	if s.Plain || strings.HasSuffix(file.Name, ".mat") {
		return file.Name
	}
	return file.Name + ".gz"
}

// ways describes how to get the set's files, including a download if fetch is set.
func (s *Set) ways(fetch bool) string {
	var ways []string
	if fetch && len(s.URLs) > 0 {
		ways = append(ways, fmt.Sprintf("`uaibench data fetch %s` downloads it", s.ID))
	}
	if s.Other != "" {
		ways = append(ways, s.Other)
	}
	have := "`uaibench data import PATH` imports a copy that you have"
	if len(s.Pages) > 0 && len(ways) == 0 {
		have = "download it from " + strings.Join(s.Pages, " or ") + "; " + have
	}
	return strings.Join(append(ways, have), ", or ")
}
