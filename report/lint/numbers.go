package lint

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Numbers are in their printed form. A leading 0 without a decimal point is invalid: the point was
// lost (07457).
var (
	wholeForm   = regexp.MustCompile(`^(0|[1-9][0-9]*|[1-9][0-9]{0,2}(,[0-9]{3})+)$`)
	decimalForm = regexp.MustCompile(`^(0|[1-9][0-9]*|[1-9][0-9]{0,2}(,[0-9]{3})+)(\.[0-9]+)?$`)
)

// maxDigits is the number of digits that a float64 holds exactly.
const maxDigits = 15

func tooLong(s string) string {
	if len(strings.NewReplacer(",", "", ".", "").Replace(s)) > maxDigits {
		return fmt.Sprintf("%.40q has more than %d digits", s, maxDigits)
	}
	return ""
}

// wrongWhole describes what is wrong with a count of at least least, or returns "".
func wrongWhole(s string, least int) string {
	switch {
	case !wholeForm.MatchString(s):
		return fmt.Sprintf("%.40q is not a whole number such as 54,679", s)
	case tooLong(s) != "":
		return tooLong(s)
	case value(s) < float64(least):
		return fmt.Sprintf("%s is below %d", s, least)
	}
	return ""
}

// wrongDecimal describes what is wrong with a non-negative number, or returns "".
func wrongDecimal(s string) string {
	if !decimalForm.MatchString(s) {
		return fmt.Sprintf("%.40q is not a number such as 0.7457", s)
	}
	return tooLong(s)
}

// number parses "54,679" or "0.7457".
func number(s string) (float64, error) {
	return strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
}

// value returns the value of a valid number, and panics if it is invalid.
func value(s string) float64 {
	v, err := number(s)
	if err != nil {
		panic(fmt.Sprintf("lint: %q is not a number", s))
	}
	return v
}

// unit is the value of one in the last printed digit.
func unit(s string) float64 {
	_, decimals, _ := strings.Cut(s, ".")
	u := 1.0
	for range decimals {
		u /= 10
	}
	return u
}

// rounds reports whether a printed number is x rounded, allowing for floating-point error.
func rounds(printed string, x float64) bool {
	d := value(printed) - x
	return max(d, -d) <= unit(printed)/2+1e-9
}

// agree reports whether two printed numbers can be equal: the coarser may be the other, rounded.
func agree(a, b string) bool {
	d := value(a) - value(b)
	return max(d, -d) <= max(unit(a), unit(b))/2+1e-9
}
