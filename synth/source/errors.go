package source

import (
	"fmt"
	"strings"

	"github.com/uaibench/uaibench/bench"
)

// FileError says which raw file cannot be used, why, and how to get it right.
type FileError struct {
	Set    *Set
	File   bench.RawFile
	Path   string   // of the unfit file; "" if there is none
	Why    string   // what is wrong with it
	Looked []string // folders looked at in vain, if there is none
	User   bool     // the unfit file lies in the data directory, which goes before any other place
	Err    error    // the cause; may be nil

	standIn string // the path of a stand-in that lies where the file should, and what it is
}

// Unwrap returns the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Error says what is wrong and how to get it right in its first line, which may be all that is
// shown; the places that were looked at follow.
func (e *FileError) Error() string {
	var b strings.Builder
	if e.Path == "" {
		fmt.Fprintf(&b, "%s: %s was not found; to get it: %s\n  It was looked for in", e.Set.Title,
			e.Set.name(e.File), e.Set.ways(true))
		for _, dir := range e.Looked {
			fmt.Fprintf(&b, "\n    %s", dir)
		}
		if e.standIn != "" {
			fmt.Fprintf(&b, "\n  %s", e.standIn)
		}
	} else {
		fmt.Fprintf(&b, "%s: %s (it should be %s of %s); to get it right: ", e.Path, e.Why,
			e.File.Name, e.Set.Title)
		if e.User {
			b.WriteString("remove that file, since the data directory goes before any other " +
				"place; then ")
		}
		b.WriteString(e.Set.ways(true))
	}
	return b.String()
}

// name is a file's name where it is to be had.
func (s *Set) name(file bench.RawFile) string {
	if s.Plain || strings.HasSuffix(file.Name, ".mat") {
		return file.Name
	}
	return file.Name + ".gz"
}

// ways tells how to get the set's files, by download too if fetch is set.
func (s *Set) ways(fetch bool) string {
	var ways []string
	if fetch && len(s.URLs) > 0 {
		ways = append(ways, fmt.Sprintf("`uaibench data fetch %s` downloads it", s.ID))
	}
	if s.Other != "" {
		ways = append(ways, s.Other)
	}
	have := "`uaibench data import PATH` takes a copy that you have"
	if len(s.Pages) > 0 && len(ways) == 0 {
		have = "get it from " + strings.Join(s.Pages, " or ") + "; " + have
	}
	return strings.Join(append(ways, have), ", or ")
}
