//go:build browser

package report

// The page in a real browser: `make test-browser`, with Debian's chromium. A build tag spares the
// other tests from needing one.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image/color"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	printer "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/uaibench/uaibench/bench"
	"github.com/uaibench/uaibench/bench/metric"
	"github.com/uaibench/uaibench/bench/runlog"
	"github.com/uaibench/uaibench/report/figures"
	"github.com/uaibench/uaibench/report/internal/fake"
	"github.com/uaibench/uaibench/report/model"
	"github.com/uaibench/uaibench/report/page"
	"github.com/uaibench/uaibench/report/plot"
	"github.com/uaibench/uaibench/report/table"
	"github.com/uaibench/uaibench/report/text"
)

// browser is a tab, with its requests and errors.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	requests []string
	errors   []string
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil && path == "" {
			path = p
		}
	}
	if path == "" {
		t.Skip("no chromium here (Debian's package chromium): the page is not tested in a browser")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.DisableGPU)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium's sandbox refuses to run as root
	}
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(stop)
	ctx, stopBrowser := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(stopBrowser)
	b := &browser{t: t}
	// chromedp reports events of newer browsers that it does not know; they are not the page's.
	b.ctx, _ = chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	chromedp.ListenTarget(b.ctx, b.listen)
	b.do(network.Enable(), log.Enable(), runtime.Enable())
	return b
}

func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		b.errors = append(b.errors, fmt.Sprintf("console.%s", e.Type))
	case *log.EventEntryAdded:
		b.errors = append(b.errors, e.Entry.Text)
	}
}

func (b *browser) do(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// open loads a file in a window of a given width.
func (b *browser) open(path string, width int64) {
	b.t.Helper()
	b.mu.Lock()
	b.requests, b.errors = nil, nil
	b.mu.Unlock()
	b.do(chromedp.EmulateViewport(width, 900), chromedp.Navigate("about:blank"), chromedp.Navigate("file://"+path), chromedp.WaitReady("body"))
}

// js evaluates an expression.
func js[T any](b *browser, expression string) T {
	b.t.Helper()
	var out T
	if err := chromedp.Run(b.ctx, chromedp.Evaluate(expression, &out, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) })); err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return out
}

// until waits for an expression to be true.
func (b *browser) until(expression string) {
	b.t.Helper()
	for start := time.Now(); !js[bool](b, expression); time.Sleep(20 * time.Millisecond) {
		if time.Since(start) > 20*time.Second {
			b.t.Fatalf("never true: %s", expression)
		}
	}
}

// click clicks the middle of an element; only a visible one can be clicked.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.ScrollIntoView(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
}

// set sets a control's value and dispatches an event.
func (b *browser) set(selector, value, event string) {
	b.t.Helper()
	js[bool](b, fmt.Sprintf(`(e => { e.value = %q; return e.dispatchEvent(new Event(%q)) && e.value === %[1]q; })(document.querySelector(%[3]q))`, value, event, selector))
}

// texts returns the texts of all matching visible elements.
func (b *browser) texts(selector string) []string {
	b.t.Helper()
	return js[[]string](b, `Array.from(document.querySelectorAll(`+strconv.Quote(selector)+`)).filter(e => e.checkVisibility()).map(e => e.textContent.trim())`)
}

func (b *browser) is(what string, got, want any) {
	b.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// quiet fails if the page requested anything but itself or reported an error.
func (b *browser) quiet() {
	b.t.Helper()
	js[bool](b, "true") // earlier events are reported before the answer
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.requests {
		if r != "about:blank" && r != "data:," && !(strings.HasPrefix(r, "file://") && strings.HasSuffix(strings.Split(r, "#")[0], "/report.html")) {
			b.t.Errorf("the page made a request: %s", r)
		}
	}
	for _, e := range b.errors {
		b.t.Errorf("the page complained: %s", e)
	}
}

// judged returns a run with verdicts: two claims rest on its cells, others fill the table.
func judged() (*runlog.Run, *page.Verdicts) {
	run := fake.Demo(2, 3, 300)
	for i := range run.Cells {
		if c := &run.Cells[i]; c.Cell.Method.ID == "random" && c.Cell.Dataset.ID == "mnist0_2" {
			c.Result, c.Status.State, c.Status.Attempts[0].State, c.Status.Attempts[0].Error = nil, runlog.Failed, runlog.Failed, "diverged"
		}
	}
	var all []string
	for _, c := range run.Cells {
		all = append(all, c.ID)
	}
	comparisons := &table.Table{Name: "claim-both", Columns: []table.Column{{Name: "dataset"}, {Name: "measured", Kind: table.Number, Decimals: 2}}}
	comparisons.Add(table.Str("MNIST0"), table.Num(1.5))
	v := &page.Verdicts{Note: "Judged for a test.", Counts: []page.VerdictCount{{Verdict: "reproduced", N: 2}, {Verdict: "contradicted", N: 1}, {Verdict: "not run", N: 9}}}
	v.Claims = append(v.Claims,
		page.Claim{ID: "both", Where: "Sec. 1", Statement: "Both hold.", Verdict: "reproduced", Reason: "2 of 2 hold", Comparisons: comparisons, Cells: all},
		page.Claim{ID: "first", Where: "Sec. 2", Statement: "The first is best.", Verdict: "contradicted", Reason: "it is not", Cells: all[:3]},
		page.Claim{ID: "away", Where: "Sec. 3", Statement: "Elsewhere.", Verdict: "reproduced", Reason: "another run", Cells: []string{"0123456789abcdef"}})
	for i := range 9 {
		v.Claims = append(v.Claims, page.Claim{ID: fmt.Sprintf("later-%d", i), Where: "Sec. 4", Statement: "Something else.", Verdict: "not run", Reason: "no run has it"})
	}
	return run, v
}

// wideAudits returns audits that need all bytes of a row's number, and four or eight of a score.
func wideAudits(c runlog.CellRecord) ([]runlog.Audit, error) {
	out, err := fake.Audits(c)
	for i := range out {
		out[i].Row += 0x01020304
		out[i].Call += 70000 * i
		if c.Cell.Seed == 2020 {
			out[i].Score = float64(float32(out[i].Score))
		}
	}
	return out, err
}

// writePage writes the page of judged and returns its path.
func writePage(t *testing.T) (*runlog.Run, *model.Model, string) {
	run, v := judged()
	m := model.New(run, fake.Catalog())
	m.Audits = wideAudits
	dir := t.TempDir()
	if _, err := write(m, v, nil, dir, []string{"html"}); err != nil {
		t.Fatal(err)
	}
	return run, m, filepath.Join(dir, "report.html")
}

func TestBrowser(t *testing.T) {
	b := newBrowser(t)
	run, m, path := writePage(t)
	for _, step := range []struct {
		name string
		do   func(*browser)
	}{
		{"three clicks", func(b *browser) { threeClicks(b, run) }},
		{"sort", func(b *browser) { sorting(b, m) }},
		{"filter", filtering},
		{"audits", func(b *browser) { auditPages(b, run) }},
		{"read-out under the pointer", func(b *browser) { pointing(b, m, "mnist0.full", 0) }},
		{"read-out in the panel", func(b *browser) { pointing(b, m, "panel.first-300", 1) }},
		{"read-out by keyboard", func(b *browser) { keyboard(b, m) }},
		{"read-out by touch", func(b *browser) { touching(b, m) }},
		{"phone", phone},
		{"glossary", terms},
		{"names and order", accessible},
		{"light and dark", contrasts},
		{"print", printing},
	} {
		t.Run(step.name, func(t *testing.T) {
			b := &browser{t: t, ctx: b.ctx}
			chromedp.ListenTarget(b.ctx, b.listen)
			b.open(path, 1280)
			step.do(b)
			b.quiet()
		})
	}
	for _, width := range []int64{390, 1280} {
		t.Run(fmt.Sprintf("width %d", width), func(t *testing.T) {
			b := &browser{t: t, ctx: b.ctx}
			chromedp.ListenTarget(b.ctx, b.listen)
			b.open(path, width)
			for _, state := range []string{"closed", "open"} {
				if wide := js[[]string](b, tooWide); len(wide) > 0 {
					t.Errorf("%s, the page scrolls sideways: %v", state, wide)
				}
				js[bool](b, `(document.querySelectorAll("details").forEach(d => d.open = true), true)`)
				b.until(`Array.from(document.querySelectorAll("div.audits")).every(e => e.dataset.state === "open")`)
			}
			b.quiet()
		})
	}
}

// TestBrowserReads: plots of guesses and of settings have the same read-out as those of pools,
// plots of points that of the nearest one; by hand, from Probed, Varied and Counted.
func TestBrowserReads(t *testing.T) {
	b := newBrowser(t)
	for name, c := range map[string]struct {
		m       *model.Model
		figure  string // its slug
		panel   string // its index in the list of plots; "": there is no list
		at      string
		caption string
		head    string
		want    [][]string
	}{
		"guesses": {model.New(fake.Probed().Run, fake.Catalog()), "mnist0.guesses.dae_uai.near", "", "5", "5 guesses", "model after",
			[][]string{{"b = 0, by s (2 of 3 seeds)", "2", "2", "2"}, {"b = 4 (2 of 3 seeds)", "2.5", "2", "3"}}},
		"settings": {model.New(fake.Varied().Run, fake.Catalog()), "settings.mnist0.dae_uai", "1", "1", "1 audit", "setting",
			[][]string{{"default", "1", "1", "1"}, {"more", "1", "1", "1"}}},
		"test set": {model.New(fake.Probed().Run, fake.Catalog()), "mnist0.test-recall.full", "1", "3", "Anomalies of unseen types, recall in %, 4 audits", "method",
			[][]string{{"DAE_uai (2 of 3 seeds)", "50", "50", "50"}, {"DAE_uai, found in training (2 of 3 seeds)", "66.7", "66.7", "66.7"}, {"DAE", "100", "100", "100"}}},
		"work": {model.New(fake.Counted().Run, fake.Catalog()), "mnist0.round-work", "", "14.9", "10 labels", "method",
			[][]string{{"AAD", "100", "100", "100"}, {"line", "100", "", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			c.m.Audits = func(runlog.CellRecord) ([]runlog.Audit, error) { return nil, nil }
			dir := t.TempDir()
			if _, err := write(c.m, nil, nil, dir, []string{"html"}); err != nil {
				t.Fatal(err)
			}
			b := &browser{t: t, ctx: b.ctx}
			chromedp.ListenTarget(b.ctx, b.listen)
			b.open(filepath.Join(dir, "report.html"), 1280)
			f := figureOf(b, c.m, c.figure)
			id := `figure[id="fig.` + c.figure + `"]`
			if c.panel != "" {
				b.set(id+" select", c.panel, "change")
			}
			b.set(id+` input[type="number"]`, c.at, "input")
			below := id + ` .readout:not(.floating)`
			b.until(`(c => c !== null && c.textContent.endsWith("` + c.caption + `"))(document.querySelector('` + below + ` caption'))`)
			b.is("read-out", readoutOf(b, below).Rows, c.want)
			b.is("head", js[string](b, `document.querySelector('`+below+` thead th').textContent`), c.head)

			// The pointer reads the position under it.
			b.do(chromedp.ScrollIntoView(id, chromedp.ByQuery))
			all := areasOf(b, id)
			a := all[len(all)-1]
			box := js[map[string]float64](b, `(r => ({left: r.left, top: r.top, width: r.width}))(document.querySelector('`+id+` svg.plot').getBoundingClientRect())`)
			scale := box["width"] / float64(f.W)
			b.do(chromedp.MouseEvent(input.MouseMoved, box["left"]+scale*a.Right, box["top"]+scale*(a.Top+a.Bottom)/2))
			end := a.XMax
			if a.Stops != nil {
				end = a.Stops.At[len(a.Stops.At)-1]
			}
			b.until(`(c => c !== null && c.textContent.endsWith("` + fmt.Sprint(end) + " " + a.Unit[1] + `"))(document.querySelector('` + id + ` .floating caption'))`)
			b.quiet()
		})
	}
}

// TestBrowserSpots: for isolated marks the read-out is that under the pointer, and the keyboard
// moves from one to the next.
func TestBrowserSpots(t *testing.T) {
	b := newBrowser(t)
	m := model.New(fake.Probed().Run, fake.Catalog())
	m.Audits = func(runlog.CellRecord) ([]runlog.Audit, error) { return nil, nil }
	dir := t.TempDir()
	if _, err := write(m, nil, nil, dir, []string{"html"}); err != nil {
		t.Fatal(err)
	}
	b.open(filepath.Join(dir, "report.html"), 1280)
	f := figureOf(b, m, "mnist0.plane.dae_uai")
	id := `figure[id="fig.` + f.Slug + `"]`
	areas, spots := areasOf(b, id), marksOf(f)
	expected := func(j int) readout {
		s := spots[1][j]
		return readout{areas[1].Title + ", " + s[2].(string), [][]string{{"l", s[3].(string)}, {"s", s[4].(string)}}}
	}
	b.do(chromedp.ScrollIntoView(id, chromedp.ByQuery))
	box := js[map[string]float64](b, `(r => ({left: r.left, top: r.top, width: r.width}))(document.querySelector('`+id+` svg.plot').getBoundingClientRect())`)
	scale := box["width"] / float64(f.W)
	point := func(x, y float64) {
		b.do(chromedp.MouseEvent(input.MouseMoved, box["left"]+scale*x, box["top"]+scale*y))
	}
	for _, j := range []int{0, len(spots[1]) - 1} {
		x, y := spots[1][j][0].(float64), spots[1][j][1].(float64)
		for i := 0; i < 50 && js[bool](b, `document.querySelector('`+id+` .floating').hidden`); i++ { // the first query unpacks them
			point(x+float64(i%2), y)
			time.Sleep(20 * time.Millisecond)
		}
		point(x, y)
		caption := expected(j).Caption
		b.until(`(c => c !== null && c.textContent === ` + strconv.Quote(caption) + `)(document.querySelector('` + id + ` .floating caption'))`)
		b.is("a spot", readoutOf(b, id+" .floating"), expected(j))
	}
	b.is("marks", js[int](b, `document.querySelectorAll('`+id+` .cross circle').length`), 1)
	point(areas[1].Left-30, areas[1].Top-20)
	b.until(`document.querySelector('` + id + ` .floating').hidden`)

	b.set(id+" select", "1", "change")
	slider := id + ` input[type="range"]`
	b.do(chromedp.Focus(slider, chromedp.ByQuery), chromedp.KeyEvent(kb.End))
	below := id + ` .readout:not(.floating)`
	last := expected(len(spots[1]) - 1)
	b.until(`(c => c !== null && c.textContent === ` + strconv.Quote(last.Caption) + `)(document.querySelector('` + below + ` caption'))`)
	b.is("the last", readoutOf(b, below), last)
	b.is("announced", js[string](b, `document.querySelector('`+slider+`').getAttribute("aria-valuetext")`), spots[1][len(spots[1])-1][2].(string))
	b.is("numbers to type", js[bool](b, `document.querySelector('`+id+` input[type="number"]').hidden`), true)
	b.quiet()

	// A setting is read anywhere in its row.
	m = model.New(fake.Varied().Run, fake.Catalog())
	m.Audits = func(runlog.CellRecord) ([]runlog.Audit, error) { return nil, nil }
	if _, err := write(m, nil, nil, dir, []string{"html"}); err != nil {
		t.Fatal(err)
	}
	b.open(filepath.Join(dir, "report.html"), 1280)
	f = figureOf(b, m, "differences.mnist0.dae_uai")
	id = `figure[id="fig.` + f.Slug + `"]`
	areas, spots = areasOf(b, id), marksOf(f)
	b.do(chromedp.ScrollIntoView(id, chromedp.ByQuery))
	box = js[map[string]float64](b, `(r => ({left: r.left, top: r.top, width: r.width}))(document.querySelector('`+id+` svg.plot').getBoundingClientRect())`)
	for _, s := range spots[0] {
		for i, x := range []float64{areas[0].Left + 1, areas[0].Left + 2, areas[0].Right - 2} {
			point(x, s[1].(float64)+float64(i))
			time.Sleep(20 * time.Millisecond)
		}
		b.until(`(c => c !== null && c.textContent === ` + strconv.Quote(s[2].(string)) + `)(document.querySelector('` + id + ` .floating caption'))`)
		b.is("a row", readoutOf(b, id+" .floating").Rows, [][]string{{"mean", s[3].(string)}, {"95 % interval", s[4].(string)}, {"pairs", s[5].(string)}})
	}
	b.quiet()
}

// TestBrowserRows: from a claim to a cell, to its audits, to the row itself in three clicks, and
// likewise by keyboard only: an image if rows are images, otherwise features with their ranks in
// the pool, by hand; and the position on the cell's curve.
func TestBrowserRows(t *testing.T) {
	b := newBrowser(t)
	f := fake.New("rows")
	ids := map[string]string{}
	for _, d := range []string{"mnist0", "thyroid", "yeast"} {
		ids[d] = f.Add(fake.Dataset(d, nil), "dae", "DAE", 1, fake.Outcome{Rows: 40, N: 5, Budget: 20, Found: metric.RecallCurve{2, 3, 11}}).ID
	}
	m := model.New(f.Run, fake.Catalog())
	m.Audits = fake.Audits
	audits, err := fake.Audits(f.Run.Cells[0])
	if err != nil {
		t.Fatal(err)
	}
	data := func(ref bench.DatasetRef) (*bench.Dataset, error) {
		d := &bench.Dataset{Name: ref.ID, Truth: make([]bool, 40)}
		for _, a := range audits {
			d.Truth[a.Row] = a.Truth
		}
		switch ref.ID {
		case "mnist0":
			d.X = bench.NewMatrix(40, 784)
			d.X.Data[784*audits[0].Row+5] = 1
		case "thyroid": // the second feature is the row's number, the first is constant
			d.X = bench.NewMatrix(40, 2)
			for i := range 40 {
				d.X.Row(i)[1] = float32(i)
			}
		default:
			return nil, errors.New("yeast.csv.gz is nowhere")
		}
		return d, nil
	}
	v := &page.Verdicts{Counts: []page.VerdictCount{{Verdict: "open", N: 1}}, Claims: []page.Claim{{ID: "rows", Statement: "Rows.", Verdict: "open",
		Cells: []string{ids["mnist0"], ids["thyroid"], ids["yeast"]}}}}
	dir := t.TempDir()
	if _, err := write(m, v, data, dir, []string{"html"}); err != nil {
		t.Fatal(err)
	}
	b.open(filepath.Join(dir, "report.html"), 1280)
	cell := "#cell\\." + ids["mnist0"]
	row := cell + " tbody tr:nth-child(1) button"
	b.click(`a[href="#claim.rows"]`)
	b.click(`#claim\.rows a[href="#cell.` + ids["mnist0"] + `"]`)
	b.until(`document.querySelector(` + strconv.Quote(row) + `) !== null`)
	b.click(row)
	b.until(`document.querySelector(` + strconv.Quote(cell+" canvas") + `) !== null`)
	b.is("pixels", js[[]int](b, `(c => [5, 6].map(x => c.getImageData(x, 0, 1, 1).data[0]))(document.querySelector(`+strconv.Quote(cell+" canvas")+`).getContext("2d"))`), "[0 255]")
	b.is("on the curve", js[bool](b, `(c => Number(c.getAttribute("cx")) === 30)(document.querySelector(`+strconv.Quote(cell+" svg.curve circle")+`))`), true) // 1 of 20 audits of 600

	// From the keyboard: the claim, the seed, the row.
	b.open(filepath.Join(dir, "report.html"), 1280)
	cell = "#cell\\." + ids["thyroid"]
	row = cell + " tbody tr:nth-child(1) button"
	// The link opens it on key down; the rest of the key press must not close it.
	keys := kb.Encode('\r')
	b.do(chromedp.Focus(`a[href="#claim.rows"]`, chromedp.ByQuery), keys[0])
	b.until(`document.getElementById("claim.rows").open`)
	for _, k := range keys[1:] {
		b.do(k)
	}
	b.is("open", js[bool](b, `document.getElementById("claim.rows").open`), true)
	for i := 0; i < 30 && !js[bool](b, `document.activeElement.getAttribute("href") === "#cell.`+ids["thyroid"]+`"`); i++ {
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector(` + strconv.Quote(row) + `) !== null`)
	for i := 0; i < 30 && !js[bool](b, `document.activeElement === document.querySelector(`+strconv.Quote(row)+`)`); i++ {
		b.do(chromedp.KeyEvent(kb.Tab))
	}
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.querySelector(` + strconv.Quote(cell+" table.features") + `) !== null`)
	// For a constant feature half of the pool counts as below; for 40 distinct numbers, those below
	// and half of one.
	place := text.Thousands(math.Round(200*(float64(audits[0].Row)+0.5)/40)/2, 1)
	got := js[[][]string](b, `Array.from(document.querySelector(`+strconv.Quote(cell+" table.features")+`).tBodies[0].rows).map(r => Array.from(r.cells).slice(0, 3).map(c => c.textContent.trim()))`)
	want := [][]string{{"2", fmt.Sprint(audits[0].Row), strings.TrimSuffix(place, ".0") + " %"}, {"1", "0", "50 %"}}
	b.is("features", got, want)

	// Missing data is reported.
	cell = "#cell\\." + ids["yeast"]
	js[bool](b, `(location.hash = "#cell.`+ids["yeast"]+`", true)`)
	b.until(`document.querySelector(` + strconv.Quote(cell+" tbody button") + `) !== null`)
	b.click(cell + " tbody tr:nth-child(1) button")
	b.until(`document.querySelector(` + strconv.Quote(cell+" .row") + `).textContent.includes("yeast.csv.gz is nowhere")`)
	b.quiet()
}

// TestBrowserClaims: the page of claims over several runs also leads from a claim to the row in
// three clicks, whichever run has the cell; on a phone its verdicts are cards, and nothing scrolls
// sideways.
func TestBrowserClaims(t *testing.T) {
	b := newBrowser(t)
	var runs []*runlog.Run
	var ids []string
	for seed := range 2 {
		f := fake.New(fmt.Sprintf("run %d", seed))
		for s := range seed + 1 { // the second run has the first one's cell and another
			c := f.Add(fake.Dataset("thyroid", nil), "dae", "DAE", uint64(s), fake.Outcome{Rows: 40, N: 5, Budget: 20, Found: metric.RecallCurve{2, 3, 11}})
			ids = append(ids, c.ID)
		}
		runs = append(runs, fake.OnDisk(t, f.Run))
	}
	last := ids[len(ids)-1]
	if last == ids[0] {
		t.Fatal("the runs have the same cells")
	}
	audits, err := fake.Audits(runs[1].Cells[1])
	if err != nil {
		t.Fatal(err)
	}
	data := func(bench.DatasetRef) (*bench.Dataset, error) {
		d := &bench.Dataset{Name: "thyroid", Truth: make([]bool, 40)}
		d.X = bench.NewMatrix(40, 1)
		for _, c := range runs[1].Cells {
			audits, err := fake.Audits(c)
			if err != nil {
				return nil, err
			}
			for _, a := range audits {
				d.Truth[a.Row] = d.Truth[a.Row] || a.Truth
			}
		}
		for i := range 40 {
			d.X.Row(i)[0] = float32(i)
		}
		return d, nil
	}
	v := &page.Verdicts{Counts: []page.VerdictCount{{Verdict: "open", N: 1}}, Claims: []page.Claim{{ID: "rows", Statement: "Rows.", Verdict: "open", Reason: "Why not.", Cells: []string{ids[0], last}}}}
	path := filepath.Join(t.TempDir(), "report.html") // the name that quiet accepts
	var out strings.Builder
	if err := page.WriteVerdicts(&out, v, runs, fake.Catalog(), data); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(out.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	b.open(path, 1280)
	cell := "#cell\\." + last
	row := cell + " tbody tr:nth-child(1) button"
	b.click(`a[href="#claim.rows"]`)
	b.click(`#claim\.rows a[href="#cell.` + last + `"]`)
	b.until(`document.querySelector(` + strconv.Quote(row) + `) !== null`)
	b.click(row)
	b.until(`document.querySelector(` + strconv.Quote(cell+" table.features") + `) !== null`)
	b.is("the value", js[string](b, `document.querySelector(`+strconv.Quote(cell+" table.features")+`).tBodies[0].rows[0].cells[1].textContent`), fmt.Sprint(audits[0].Row))
	b.quiet()

	b.open(path, 390)
	b.is("as cards", js[[]string](b, `["thead", "tbody tr", "td:last-child"].map(e => getComputedStyle(document.querySelector("table.claims " + e)).display)`), "[none block block]")
	if wide := js[[]string](b, tooWide); len(wide) > 0 {
		t.Errorf("the page scrolls sideways: %v", wide)
	}
	b.quiet()
}

// TestBrowserNotices: the checks above can fail.
func TestBrowserNotices(t *testing.T) {
	b := newBrowser(t)
	path := filepath.Join(t.TempDir(), "report.html")
	for body, want := range map[string][2]bool{ // a request, an error
		`<p>fine</p>`:                               {false, false},
		`<img src="http://127.0.0.1:9/x.png">`:      {true, true},
		`<script>throw new Error("x")</script>`:     {false, true},
		`<script>console.error("x")</script>`:       {false, true},
		`<link rel="stylesheet" href="beside.css">`: {true, true},
	} {
		if err := os.WriteFile(path, []byte("<!doctype html><html><head><link rel='icon' href='data:,'></head><body>"+body), 0o600); err != nil {
			t.Fatal(err)
		}
		b.open(path, 1280)
		time.Sleep(300 * time.Millisecond) // the image is requested after the page is ready
		b.mu.Lock()
		requested := slices.ContainsFunc(b.requests, func(r string) bool { return strings.HasSuffix(r, ".png") || strings.HasSuffix(r, ".css") })
		if got := [2]bool{requested, len(b.errors) > 0}; got != want {
			t.Errorf("%s: request and error %v, want %v (%q, %q)", body, got, want, b.requests, b.errors)
		}
		b.mu.Unlock()
	}
	if err := os.WriteFile(path, []byte("<!doctype html><meta name=viewport content='width=device-width'><p style='width:800px'>wide"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.open(path, 390)
	if len(js[[]string](b, tooWide)) == 0 {
		t.Error("a page that scrolls sideways passes")
	}
}

// tooWide names the elements that make the page scroll sideways; none if it does not.
const tooWide = `(() => {
	const width = document.documentElement.clientWidth;
	if (document.scrollingElement.scrollWidth <= width) return [];
	return ["page of " + document.scrollingElement.scrollWidth + " in " + width].concat(Array.from(document.querySelectorAll("body *"))
		.filter(e => e.getBoundingClientRect().right > width + 1 && !e.parentElement.closest(".scroll"))
		.slice(0, 5).map(e => e.tagName + "." + e.className + " to " + e.getBoundingClientRect().right));
})()`

// threeClicks go from a claim to its cells, to a seed, to the audits.
func threeClicks(b *browser, run *runlog.Run) {
	b.is("verdicts come first", b.texts("main h2")[0], "Verdicts")
	clicks := 0
	click := func(selector string) { clicks++; b.click(selector) }
	click(`a[href="#claim.both"]`)
	b.until(`document.getElementById("claim.both").open`)
	b.is("groups of cells", len(b.texts("#claim\\.both ul.groups li")), 10)
	b.is("the first group", b.texts("#claim\\.both ul.groups li")[0], "MNIST0, DAE_uai: seed 2019, 2020, 2021")
	c := run.Cells[4] // the second seed of Class_uai
	cell := "#cell\\." + c.ID
	click(`#claim\.both a[href="#cell.` + c.ID + `"]`)
	b.until(`document.querySelector(` + strconv.Quote(cell+" table.audits") + `) !== null`)
	if clicks > 3 {
		b.t.Errorf("%d clicks", clicks)
	}
	b.is("focus", js[bool](b, `document.querySelector(`+strconv.Quote(cell)+`) === document.activeElement`), true)
	b.is("the cell is in sight", js[bool](b, `(r => r.top >= 0 && r.top < innerHeight / 2)(document.querySelector(`+strconv.Quote(cell)+`).getBoundingClientRect())`), true)
	listed(b, c)
	// Back with the browser's own history.
	b.do(chromedp.NavigateBack())
	b.until(`location.hash === "#claim.both"`)
	b.is("what rests on no cell says so", js[bool](b, `document.getElementById("claim.later-0").textContent.includes("The verdict rests on no cell.")`), true)
	b.is("cells elsewhere", js[bool](b, `document.getElementById("claim.away").textContent.includes("Cells of runs that are not on this page: 0123456789abcdef.")`), true)
}

// listed compares the first page of an open cell's list with its log.
func listed(b *browser, c runlog.CellRecord) {
	b.t.Helper()
	rows := auditRows(b, c)
	want, _ := wideAudits(c)
	for i, q := range want[:200] {
		answer := "no"
		if q.Label {
			answer = "yes"
		}
		score, _ := strconv.ParseFloat(rows[i][3], 64)
		if rows[i][0] != strconv.Itoa(q.Number) || rows[i][1] != strconv.Itoa(q.Call) || rows[i][2] != strconv.Itoa(q.Row) || rows[i][4] != q.Head ||
			rows[i][5] != answer || rows[i][6] != strconv.Itoa(q.Found) || math.Abs(score-q.Score) > 1e-5*q.Score {
			b.t.Fatalf("audit %d reads %v, want %+v", i+1, rows[i], q)
		}
	}
}

// auditRows are the texts of an open cell's list.
func auditRows(b *browser, c runlog.CellRecord) [][]string {
	b.t.Helper()
	return js[[][]string](b, `Array.from(document.querySelector("#cell\\.`+c.ID+` table.audits").tBodies[0].rows).map(r => Array.from(r.cells).map(c => c.textContent))`)
}

// sorting: by a number both ways, missing values last, and aria-sort has the direction.
func sorting(b *browser, m *model.Model) {
	t := tableNamed(b.t, m, "f1")
	column := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Numeric() })
	score := slices.IndexFunc(t.Columns, func(c table.Column) bool { return c.Name == "area" })
	missing := 0
	for _, r := range t.Rows {
		if r[score].IsMissing() {
			missing++
		}
	}
	if missing == 0 || missing == len(t.Rows) {
		b.t.Fatalf("%d areas are missing: that the missing come last is not tested", missing)
	}
	for _, k := range []int{column, score, 0} {
		head := fmt.Sprintf(`table[aria-labelledby="table.f1"] th:nth-child(%d)`, k+1)
		for _, way := range []string{"ascending", "descending"} {
			b.click(head + " button")
			b.is("aria-sort", js[string](b, `document.querySelector('`+head+`').getAttribute("aria-sort")`), way)
			b.is("columns sorted by", len(b.texts(`table[aria-labelledby="table.f1"] th[aria-sort]`)), 1)
			rows := slices.Clone(t.Rows)
			slices.SortStableFunc(rows, func(x, y []table.Value) int {
				a, an := x[k].Number()
				c, cn := y[k].Number()
				o := 0
				switch {
				case x[k].IsMissing() != y[k].IsMissing():
					if x[k].IsMissing() {
						return 1
					}
					return -1
				case an && cn:
					o = cmp.Compare(a, c)
				default:
					o = strings.Compare(strings.ToLower(t.Columns[k].Show(x[k])), strings.ToLower(t.Columns[k].Show(y[k])))
				}
				if way == "descending" {
					return -o
				}
				return o
			})
			var want []string
			for _, r := range rows {
				want = append(want, t.Columns[k].Show(r[k]))
			}
			got := js[[]string](b, fmt.Sprintf(`Array.from(document.querySelectorAll('table[aria-labelledby="table.f1"] tbody td:nth-child(%d)')).map(c => (n => { n.querySelectorAll("sup").forEach(s => s.remove()); return n.textContent; })(c.cloneNode(true)))`, k+1))
			b.is(t.Columns[k].Name+" "+way, got, want)
		}
	}
}

// filtering: by words, by a column, by the tiles of verdicts.
func filtering(b *browser) {
	claims := `table.claims tbody tr`
	b.is("claims", len(b.texts(claims)), 12)
	b.click(`ul.counts li[data-verdict="reproduced"] button`)
	b.is("reproduced", len(b.texts(claims)), 2)
	b.is("the tile", js[string](b, `document.querySelector('ul.counts li[data-verdict="reproduced"] button').getAttribute("aria-pressed")`), "true")
	b.is("said", b.texts(".filters output")[0], "2 of 12 rows")
	search := `section[aria-labelledby="verdicts"] .filters input`
	b.do(chromedp.SendKeys(search, "both", chromedp.ByQuery))
	b.is("reproduced, with a word", len(b.texts(claims)), 1)
	b.set(search, "", "input")
	b.do(chromedp.SendKeys(search, "first best", chromedp.ByQuery))
	b.is("a word of a claim that is not reproduced", len(b.texts(claims)), 0)
	b.is("said", b.texts(".filters output")[0], "0 of 12 rows")
	b.click(`ul.counts li[data-verdict="reproduced"] button`) // off again
	b.is("both words", b.texts(claims+" td:first-child"), []string{"first"})
	// A column of a table of results.
	method := `section[aria-labelledby="tables"] .filters select[aria-label="method"]`
	b.set(method, "=Class_uai", "change")
	b.until(`document.querySelector('` + method + `').closest(".filters").querySelector("output").textContent === "2 of 10 rows"`)
}

// auditPages: the pages of a cell's list, filtered and sorted.
func auditPages(b *browser, run *runlog.Run) {
	c := run.Cells[0]
	cell := "#cell\\." + c.ID
	js[bool](b, `(location.hash = "#cell.`+c.ID+`", true)`)
	b.until(`document.querySelector(` + strconv.Quote(cell+" table.audits") + `) !== null`)
	b.is("said", b.texts(cell + " output")[0], "1–200 of 300")
	listed(b, c)
	b.do(chromedp.Click(cell+" .filters button:last-of-type", chromedp.ByQuery))
	rows := auditRows(b, c)
	b.is("the second page", []any{len(rows), rows[0][0], b.texts(cell + " output")[0]}, []any{100, "201", "201–300 of 300"})
	b.set(cell+" select", "anomalies", "change")
	var want []string
	for _, j := range c.Result.Found[:min(200, len(c.Result.Found))] {
		want = append(want, strconv.Itoa(j))
	}
	var got []string
	for _, r := range auditRows(b, c) {
		got = append(got, r[0])
	}
	b.is("anomalies", got, want)
	b.do(chromedp.Click(cell+" th:nth-child(4) button", chromedp.ByQuery))
	slices.Reverse(want) // the fakes' scores fall
	got = nil
	for _, r := range auditRows(b, c) {
		got = append(got, r[0])
	}
	b.is("by score", got, want)
	b.is("aria-sort", js[string](b, `document.querySelector(`+strconv.Quote(cell+" th:nth-child(4)")+`).getAttribute("aria-sort")`), "ascending")
}

// readout is a box of numbers: its caption, and a row per curve.
type readout struct {
	Caption string
	Rows    [][]string
}

func readoutOf(b *browser, selector string) readout {
	b.t.Helper()
	return js[readout](b, `(box => ({ Caption: box.querySelector("caption").textContent, Rows: Array.from(box.querySelectorAll("tbody tr")).map(r => Array.from(r.cells).map(c => c.textContent)) }))(document.querySelector(`+strconv.Quote(selector)+`))`)
}

// agrees compares a read-out with the curves themselves, at the budget in its caption, and returns
// that budget.
func agrees(b *browser, g *plot.Tooltip, r readout) int {
	b.t.Helper()
	words := strings.Fields(strings.TrimPrefix(r.Caption, g.Title+", "))
	j, err := strconv.Atoi(strings.ReplaceAll(words[0], ",", ""))
	if err != nil {
		b.t.Fatalf("caption %q: %v", r.Caption, err)
	}
	var want [][]string
	for _, c := range g.Curves() {
		med, least, most, ok := c.Value(j)
		switch {
		case c.PerRow > 0:
			expected := strings.TrimSuffix(text.Thousands(float64(j)*c.PerRow, 1), ".0")
			want = append(want, []string{c.Label, expected, "", ""})
		case c.Seeds == 0:
			want = append(want, []string{c.Label, "no result"})
		case !ok:
			want = append(want, []string{c.Label, "ends at " + text.Comma(c.End)})
		default:
			want = append(want, []string{c.Label, text.Half(med), text.Half(least), text.Half(most)})
		}
	}
	b.is(fmt.Sprintf("read-out at %d", j), r.Rows, want)
	return j
}

// shownArea is what the page stores of a plot: position and range of its axes.
type shownArea struct {
	Title                    string
	Unit                     [2]string
	Left, Right, Top, Bottom float64
	XMax                     float64
	Stops                    *struct{ At []float64 }
}

func areasOf(b *browser, figure string) []shownArea {
	b.t.Helper()
	return js[[]shownArea](b, `JSON.parse(document.querySelector('`+figure+`').dataset.areas)`)
}

// marksOf returns the markers of a drawn figure: for each plot their positions, with y downwards,
// names and values.
func marksOf(f *plot.Drawing) (out [][][]any) {
	for _, r := range f.Tooltips {
		var list [][]any
		for _, m := range r.Markers {
			s := []any{float64(m.At.X), float64(f.H - m.At.Y), m.Name}
			for _, v := range m.Values {
				s = append(s, v)
			}
			list = append(list, s)
		}
		out = append(out, list)
	}
	return out
}

func figureOf(b *browser, m *model.Model, slug string) *plot.Drawing {
	b.t.Helper()
	for _, f := range figures.Plots(figures.Of(m)) {
		if f.Slug == slug {
			f.InPage("", map[color.NRGBA]bool{}) // drawing sets the positions of its axes
			return f
		}
	}
	b.t.Fatalf("no figure %s", slug)
	return nil
}

// pointing moves the mouse over a plot.
func pointing(b *browser, m *model.Model, slug string, which int) {
	f := figureOf(b, m, slug)
	g := f.Tooltips[which]
	id := `figure[id="fig.` + slug + `"]`
	b.do(chromedp.ScrollIntoView(id, chromedp.ByQuery))
	a := areasOf(b, id)[which]
	box := js[map[string]float64](b, `(r => ({left: r.left, top: r.top, width: r.width}))(document.querySelector('`+id+` svg.plot').getBoundingClientRect())`)
	scale := box["width"] / float64(f.W)
	for _, share := range []float64{0, 0.011, 0.3, 0.77, 1} {
		x := box["left"] + scale*(a.Left+share*(a.Right-a.Left))
		y := box["top"] + scale*(a.Top+a.Bottom)/2
		b.do(chromedp.MouseEvent(input.MouseMoved, x, y))
		want := share * g.XMax
		slack := g.XMax/((a.Right-a.Left)*scale) + 1 // a pixel
		b.until(fmt.Sprintf(`(c => c !== null && Math.abs(Number(c.textContent.replace(/^.*, (?=[\d,]+ audit)/, "").replace(/\D/g, "")) - %v) <= %v)(document.querySelector('%s .floating caption'))`, want, slack, id))
		j := agrees(b, g, readoutOf(b, id+" .floating"))
		b.is("the slider follows", js[string](b, `document.querySelector('`+id+` input[type=range]').value`), strconv.Itoa(j))
		b.is("it is seen whole", js[bool](b, `(r => r.left >= 0 && r.right <= innerWidth && r.width > 50)(document.querySelector('`+id+` .floating').getBoundingClientRect())`), true)
	}
	b.do(chromedp.MouseEvent(input.MouseMoved, box["left"]+2, box["top"]+2))
	b.until(`document.querySelector('` + id + ` .floating').hidden`)
}

// keyboard moves the slider, and types a number.
func keyboard(b *browser, m *model.Model) {
	id := `figure[id="fig.panel.full"]`
	f := figureOf(b, m, "panel.full")
	slider := id + ` input[type="range"]`
	b.do(chromedp.ScrollIntoView(slider, chromedp.ByQuery), chromedp.Focus(slider, chromedp.ByQuery), chromedp.KeyEvent(kb.ArrowLeft))
	below := id + ` .readout:not(.floating)`
	b.until(`document.querySelector('` + below + ` caption') !== null`)
	b.is("a step to the left", agrees(b, f.Tooltips[0], readoutOf(b, below)), int(f.Tooltips[0].XMax)-1)
	b.do(chromedp.KeyEvent(kb.Home))
	b.until(`document.querySelector('` + below + ` caption').textContent.endsWith(", 0 audits")`)
	agrees(b, f.Tooltips[0], readoutOf(b, below))
	b.set(id+" select", "1", "change")
	number := id + ` input[type="number"]`
	for _, j := range []int{299, 300, 301, 12345} {
		b.set(number, strconv.Itoa(j), "input")
		b.until(`document.querySelector('` + below + ` caption').textContent.endsWith(", ` + text.Comma(j) + ` audits")`)
		b.is("a number", agrees(b, f.Tooltips[1], readoutOf(b, below)), j)
	}
	b.is("it is announced", js[string](b, `document.querySelector('`+below+`').getAttribute("role")`), "status")
}

// touching puts a finger on a plot.
func touching(b *browser, m *model.Model) {
	b.do(chromedp.EmulateViewport(390, 844, chromedp.EmulateTouch))
	id := `figure[id="fig.mnist0.full"] + figure.narrow`
	f := figureOf(b, m, "mnist0.full")
	b.do(chromedp.ScrollIntoView(id, chromedp.ByQuery))
	at := js[map[string]float64](b, `(r => ({x: r.left + 150, y: r.top + r.height / 3}))(document.querySelector('`+id+` svg.plot').getBoundingClientRect())`)
	finger := []*input.TouchPoint{{X: at["x"], Y: at["y"]}}
	b.do(input.DispatchTouchEvent(input.TouchStart, finger), input.DispatchTouchEvent(input.TouchEnd, []*input.TouchPoint{}))
	below := id + ` .readout:not(.floating)`
	b.until(`document.querySelector('` + below + ` caption') !== null`)
	if j := agrees(b, f.Tooltips[0], readoutOf(b, below)); j == 0 || j >= int(f.Tooltips[0].XMax) {
		b.t.Errorf("the finger reads at %d", j)
	}
	b.do(emulation.SetTouchEmulationEnabled(false))
}

// terms of the glossary have their meaning as title at their first occurrence in a section, and
// link to the glossary.
func terms(b *browser) {
	term := `a.term[href^="#term."]`
	b.is("a term", js[bool](b, `document.querySelectorAll('`+term+`').length > 3`), true)
	b.is("it tells", js[bool](b, `Array.from(document.querySelectorAll('`+term+`')).every(e => e.title === document.getElementById(e.getAttribute("href").slice(1)).nextElementSibling.textContent)`), true)
	b.is("once a section", js[[]string](b, `Array.from(document.querySelectorAll("main > section")).flatMap(s => (l => l.filter((w, i) => l.indexOf(w) !== i))(Array.from(s.querySelectorAll("a.term")).map(e => e.getAttribute("href"))))`), "[]")
	b.click(`main ` + term)
	b.until(`location.hash.startsWith("#term.")`)
}

// phone: every plot is drawn again at the screen's width, with legible letters and nothing beside
// it.
func phone(b *browser) {
	b.do(chromedp.EmulateViewport(390, 844))
	b.is("wide plots", len(js[[]string](b, `Array.from(document.querySelectorAll("figure.wide")).filter(e => e.checkVisibility()).map(e => e.id)`)), 0)
	b.is("what the claims say", b.texts("table.claims tbody td:nth-child(3)")[0], "Both hold.")
	all := js[int](b, `document.querySelectorAll("figure.narrow").length`)
	if all == 0 {
		b.t.Error("no plot for a phone")
	}
	cut := js[[]string](b, `Array.from(document.querySelectorAll("header figure.narrow svg.plot, section figure.narrow svg.plot")).filter(e => e.checkVisibility())
		.filter(e => (r => r.left < 0 || r.right > innerWidth || r.width < 300)(e.getBoundingClientRect())).map(e => e.querySelector("title").textContent)`)
	b.is("plots that are cut", len(cut), 0)
	small := js[[]string](b, `Array.from(document.querySelectorAll("figure.narrow svg.plot")).filter(e => e.checkVisibility())
		.filter(e => e.getBoundingClientRect().width / e.viewBox.baseVal.width < 0.9).map(e => e.querySelector("title").textContent)`)
	b.is("plots with small letters", len(small), 0)
}

// accessible: for users who cannot see the page or have no mouse.
func accessible(b *browser) {
	js[bool](b, `(document.querySelectorAll("details").forEach(d => d.open = true), true)`)
	b.until(`Array.from(document.querySelectorAll("div.audits")).every(e => e.dataset.state === "open")`)
	for what, expression := range map[string]string{
		"controls without a name":             `Array.from(document.querySelectorAll("input, select, button, a, summary")).filter(e => !(e.getAttribute("aria-label") || e.textContent.trim())).map(e => e.outerHTML.slice(0, 80))`,
		"tables without a name":               `Array.from(document.querySelectorAll("table")).filter(e => !(e.getAttribute("aria-label") || e.caption || document.getElementById(e.getAttribute("aria-labelledby")))).map(e => e.outerHTML.slice(0, 80))`,
		"plots without words":                 `Array.from(document.querySelectorAll("svg[role=img]")).filter(e => !(e.getAttribute("aria-label") || e.querySelector("title, desc"))).map(e => e.outerHTML.slice(0, 80))`,
		"what the keyboard takes out of turn": `Array.from(document.querySelectorAll("[tabindex]")).filter(e => e.tabIndex > 0).map(e => e.outerHTML.slice(0, 80))`,
		"heads without a scope":               `Array.from(document.querySelectorAll("th")).filter(e => !e.scope).map(e => e.outerHTML.slice(0, 80))`,
		"what scrolls and has no focus":       `Array.from(document.querySelectorAll("main *")).filter(e => ["auto", "scroll"].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth && e.tabIndex < 0).map(e => e.outerHTML.slice(0, 80))`,
		"headings that skip a level":          `(levels => levels.filter((l, i) => i > 0 && l > levels[i - 1] + 1).map(String))(Array.from(document.querySelectorAll("h1, h2, h3, h4")).map(h => Number(h.tagName[1])))`,
	} {
		if found := js[[]string](b, expression); len(found) > 0 {
			b.t.Errorf("%s: %q", what, found[:min(3, len(found))])
		}
	}
	// The first stop of the keyboard skips the contents; Enter follows it.
	js[bool](b, `(document.activeElement.blur(), scrollTo(0, 0), true)`)
	b.do(chromedp.KeyEvent(kb.Tab))
	b.is("the first stop", js[string](b, `document.activeElement.textContent`), "Skip to the verdicts")
	b.do(chromedp.KeyEvent(kb.Enter))
	b.until(`document.activeElement.id === "verdicts"`)
	// A column can be sorted by keyboard.
	b.do(chromedp.Focus(`table.claims th button`, chromedp.ByQuery), chromedp.KeyEvent(kb.Enter))
	b.is("Enter sorts", js[string](b, `document.querySelector("table.claims th").getAttribute("aria-sort")`), "ascending")
}

// contrasts of text with the background, at least 4.5 : 1 (WCAG 2.2, 1.4.3), in light and dark.
func contrasts(b *browser) {
	paper := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		b.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
		paper[scheme] = js[string](b, `getComputedStyle(document.body).backgroundColor`)
		back := lightness(b, paper[scheme])
		selectors := []string{"body", "a", ".lede", ".note", "td.missing", "p.warn", ".verdict.v-reproduced", ".verdict.v-contradicted", ".verdict.v-not-run", "th", "summary", "input", "select"}
		for _, s := range selectors {
			c := js[string](b, `(e => e === null ? "" : getComputedStyle(e).color)(document.querySelector(`+strconv.Quote(s)+`))`)
			if c == "" {
				continue
			}
			front := lightness(b, c)
			if ratio := (max(front, back) + 0.05) / (min(front, back) + 0.05); ratio < 4.5 {
				b.t.Errorf("%s: %s is %s on %s, %.2f : 1", scheme, s, c, paper[scheme], ratio)
			}
		}
		for _, c := range js[[]string](b, `Array.from(new Set(Array.from(document.querySelectorAll("svg.plot text")).map(e => getComputedStyle(e).fill)))`) {
			front := lightness(b, c)
			if ratio := (max(front, back) + 0.05) / (min(front, back) + 0.05); ratio < 4.5 {
				b.t.Errorf("%s: a plot's text is %s on %s, %.2f : 1", scheme, c, paper[scheme], ratio)
			}
		}
	}
	b.is("by day", paper["light"], "rgb(255, 255, 255)")
	if lightness(b, paper["dark"]) > 0.05 {
		b.t.Errorf("by night the paper is %s", paper["dark"])
	}
	b.do(emulation.SetEmulatedMedia())
}

// lightness of "rgb(r, g, b)" as WCAG defines it.
func lightness(b *browser, color string) float64 {
	b.t.Helper()
	var rgb [3]int
	if _, err := fmt.Sscanf(color, "rgb(%d, %d, %d)", &rgb[0], &rgb[1], &rgb[2]); err != nil {
		b.t.Fatalf("%q: %v", color, err)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		c := float64(rgb[i]) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}

// printing gives pages, without the parts that only a screen can use.
func printing(b *browser) {
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		pdf, _, err := printer.PrintToPDF().WithPaperWidth(8.27).WithPaperHeight(11.69).Do(ctx)
		if err == nil && (len(pdf) < 10_000 || string(pdf[:5]) != "%PDF-") {
			b.t.Errorf("a PDF of %d bytes", len(pdf))
		}
		return err
	}))
	b.do(emulation.SetEmulatedMedia().WithMedia("print"))
	for _, s := range []string{".filters", ".reader", "nav"} {
		b.is(s+" on paper", len(b.texts(s)), 0)
	}
	if wide := js[[]string](b, tooWide); len(wide) > 0 {
		b.t.Errorf("on paper: %v", wide)
	}
	b.do(emulation.SetEmulatedMedia())
}

func tableNamed(t *testing.T, m *model.Model, name string) *table.Table {
	t.Helper()
	tables := figures.Tables(figures.Of(m))
	i := slices.IndexFunc(tables, func(x *table.Table) bool { return x.Name == name })
	if i < 0 {
		t.Fatalf("no table %s", name)
	}
	return tables[i]
}
