package snakejson

import "testing"

func TestSnake(t *testing.T) {
	for name, want := range map[string]string{"ID": "id", "AnomalyIs": "anomaly_is", "SHA256": "sha256", "URLs": "urls", "TestSet": "test_set"} {
		if got := Snake(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
