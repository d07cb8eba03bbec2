package fake

import "testing"

// Faults finds each kind of fault.
func TestFaultsAreFound(t *testing.T) {
	doc := func(body string) string { return "<html><body>" + body + "<script></script></body></html>" }
	if f := Faults(doc("<p>fine</p>")); f != nil {
		t.Error(f)
	}
	for _, body := range []string{
		`<a href="http://example.org">x</a>`, `<a href="#gone">x</a>`, `<p id="a"/><p id="a"/>`, `<img src="x.png"/>`,
		`<p onclick="x()"/>`, `<script>alert(1)</script>`, `<p>`, `<style>@import 'a'</style>`, `<style>p{background:url(x)}</style>`,
	} {
		if Faults(doc(body)) == nil {
			t.Errorf("%s passes", body)
		}
	}
}
