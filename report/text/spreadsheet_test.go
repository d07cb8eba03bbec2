package text

import "testing"

func TestSpreadsheet(t *testing.T) {
	for s, want := range map[string]string{
		"":                     "",
		"DAE_uai":              "DAE_uai",
		"a=b":                  "a=b",
		"—":                    "—",
		"-1.5":                 "-1.5",
		"+3":                   "+3",
		"-1e-300":              "-1e-300",
		"=1+1":                 "'=1+1",
		"=cmd|' /C calc'!A0":   "'=cmd|' /C calc'!A0",
		"@SUM(1)":              "'@SUM(1)",
		"-2+3":                 "'-2+3",
		"+A1":                  "'+A1",
		"\t=1":                 "'\t=1",
		"\r=1":                 "'\r=1",
		"＝1+1":                 "'＝1+1",
		"-":                    "'-",
		"'=1 (already quoted)": "'=1 (already quoted)",
	} {
		if got := Spreadsheet(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}
