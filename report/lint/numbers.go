package lint

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Numbers are written as printed. That one begins with a 0 and has no point is how a lost point
// shows (07457).
var (
	wholeForm   = regexp.MustCompile(`^(0|[1-9][0-9]*|[1-9][0-9]{0,2}(,[0-9]{3})+)$`)
	decimalForm = regexp.MustCompile(`^(0|[1-9][0-9]*|[1-9][0-9]{0,2}(,[0-9]{3})+)(\.[0-9]+)?$`)
)

// maxDigits is what a float64 holds exactly.
const maxDigits = 15

func tooLong(s string) string {
	if len(strings.NewReplacer(",", "", ".", "").Replace(s)) > maxDigits {
		return fmt.Sprintf("%.40q has more than %d digits", s, maxDigits)
	}
	return ""
}

// wrongWhole says what is wrong with a count that is at least so much, or "".
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

// wrongDecimal says what is wrong with a number that is not negative, or "".
func wrongDecimal(s string) string {
	if !decimalForm.MatchString(s) {
		return fmt.Sprintf("%.40q is not a number such as 0.7457", s)
	}
	return tooLong(s)
}

// number reads "54,679", "0.7457".
func number(s string) (float64, error) {
	return strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
}

// value of a number that Read has accepted, or that a test made.
func value(s string) float64 {
	v, err := number(s)
	if err != nil {
		panic(fmt.Sprintf("lint: %q is not a number", s))
	}
	return v
}

// unit is the worth of the last printed digit.
func unit(s string) float64 {
	_, decimals, _ := strings.Cut(s, ".")
	u := 1.0
	for range decimals {
		u /= 10
	}
	return u
}

// rounds tells whether a printed number is x rounded; slack is for what floats do not hold exactly.
func rounds(printed string, x float64) bool {
	d := value(printed) - x
	return max(d, -d) <= unit(printed)/2+1e-9
}

// agree tells whether two printed numbers can be one: the coarser may be the other, rounded.
func agree(a, b string) bool {
	d := value(a) - value(b)
	return max(d, -d) <= max(unit(a), unit(b))/2+1e-9
}
