package claims

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/uaibench/uaibench/experiments"
)

// The second ledger has a row for each claim, headline claims are few, the looks' errors stay within
// the budget, and the first design is the file that its digest names.
func TestSecondLedger(t *testing.T) {
	l := ledger(t)
	s := l.Second
	if len(s.Claims) != 57 || len(s.Predictions) != 4 {
		t.Fatalf("%d claims, %d predictions", len(s.Claims), len(s.Predictions))
	}
	headline := 0
	for _, c := range s.Claims {
		if c.Weight == "headline" {
			headline++
		}
	}
	if headline < 6 || headline > 8 {
		t.Errorf("%d headline claims: six to eight fit on one screen", headline)
	}
	alpha, n := 0.0, 0
	for _, look := range s.Looks {
		if look.N <= n {
			t.Errorf("look at %d after %d", look.N, n)
		}
		alpha, n = alpha+look.Alpha, look.N
	}
	if alpha > 0.06 {
		t.Errorf("the looks spend %g in all", alpha)
	}
	design, err := experiments.Specs.ReadFile(s.Design.File)
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(design); hex.EncodeToString(sum[:]) != s.Design.SHA256 {
		t.Errorf("%s has SHA-256 %x", s.Design.File, sum)
	}
}
