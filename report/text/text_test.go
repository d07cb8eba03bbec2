package text

import (
	"math"
	"testing"
)

func TestThousands(t *testing.T) {
	for _, c := range []struct {
		x    float64
		d    int
		want string
	}{{0, 0, "0"}, {999, 0, "999"}, {1000, 0, "1,000"}, {-54679, 0, "-54,679"}, {1234567.891, 2, "1,234,567.89"}, {0.5, 3, "0.500"}} {
		if got := Thousands(c.x, c.d); got != c.want {
			t.Errorf("thousands(%v, %d) = %s, want %s", c.x, c.d, got, c.want)
		}
	}
}

func TestPlural(t *testing.T) {
	for want, got := range map[string]string{
		"1 anomaly": Plural(1, "anomaly"), "2 days": Plural(2, "day"),
		"1,200 anomalies": Plural(1200, "anomaly"), "0 rows": Plural(0, "row")} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestBrief(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.0123: "0.012", -3.21: "−3.2", 12345.6: "12,346",
		1e30: "1,000,000,000,000,000,019,884,624,838,656", math.Inf(1): "∞", math.Inf(-1): "−∞"} {
		if got := Brief(v); got != want {
			t.Errorf("%v is %q, want %q", v, got, want)
		}
	}
}
