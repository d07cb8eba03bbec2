package text

import (
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
