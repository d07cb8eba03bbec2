// Package bytesize implements a flag for an amount of memory.
package bytesize

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is an amount of memory in bytes, and a flag value such as 4GiB, 500MB or 1073741824.
type Size int64

var byteUnits = []struct {
	name string
	size int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}}

func (b *Size) Type() string { return "size" }

func (b *Size) String() string {
	switch {
	case *b == 0:
		return ""
	case *b >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(*b)/(1<<30))
	case *b < 1<<20:
		return fmt.Sprintf("%d bytes", *b)
	}
	return fmt.Sprintf("%.0f MiB", float64(*b)/(1<<20))
}

func (b *Size) Set(s string) error {
	number, unit := strings.TrimSpace(s), int64(1)
	for _, u := range byteUnits {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = strings.TrimSpace(rest), u.size
			break
		}
	}
	v, err := strconv.ParseFloat(number, 64)
	if err != nil || !(v > 0) || v*float64(unit) > 1<<60 {
		return fmt.Errorf("write an amount such as 4GiB or 500MB")
	}
	*b = Size(v * float64(unit))
	return nil
}
