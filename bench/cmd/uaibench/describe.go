package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/uaibench/uaibench/bench/cmd/uaibench/internal/describe"
	own "github.com/uaibench/uaibench/synth/table"
)

func (a *app) dataDescribe(c *cobra.Command, args []string) error {
	var all []*own.Description
	var errs []error
	for _, path := range args {
		d, err := a.describeFile(c, path)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, d)
		describe.Write(a.stdout, d, a.width())
	}
	if len(all) > 0 {
		fmt.Fprintf(a.stdout, "a spec to start from:\n\n%s", indent(own.Spec(all)))
	}
	return errors.Join(errs...)
}

// describeFile describes a table, which is searched for in the data directory and in the cache too.
func (a *app) describeFile(c *cobra.Command, path string) (*own.Description, error) {
	at := path
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if at, err = a.finder().Resolve(".", path); err != nil {
			return nil, err
		}
	}
	d, err := own.Describe(c.Context(), at)
	if err == nil {
		d.Path = path
	}
	return d, err
}

func indent(lines string) string {
	return "    " + strings.ReplaceAll(strings.TrimSuffix(lines, "\n"), "\n", "\n    ") + "\n"
}
