package progress

import (
	"io"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// bars are the lines on a terminal: one for each running cell, and below them the run's bar. Their
// texts are set from outside, since mpb's goroutines, which render them, must not wait for code
// that waits for them.
type bars struct {
	progress *mpb.Progress
	whole    *mpb.Bar
	text     atomic.Pointer[string] // of the run
}

// bar is a running cell's line.
type bar struct {
	bar  *mpb.Bar
	text atomic.Pointer[string]
}

// newBars begins to draw on w. force makes w count as a terminal, for tests.
func newBars(w io.Writer, force bool) *bars {
	options := []mpb.ContainerOption{mpb.WithOutput(w), mpb.WithRefreshRate(200 * time.Millisecond)}
	if force {
		options = append(options, mpb.WithAutoRefresh(), mpb.ForceTTY(),
			mpb.WithRefreshRate(10*time.Millisecond))
	}
	b := &bars{progress: mpb.New(options...)}
	b.setText("")
	// An initial total of 0 keeps mpb from ending the bar when all cells have ended.
	b.whole = b.progress.New(0,
		mpb.BarStyle().Lbound("[").Rbound("]").Filler("=").Tip(">").Padding(" "),
		mpb.BarWidth(30), mpb.BarPriority(1<<30), // below all cells
		mpb.AppendDecorators(shown(&b.text)))
	return b
}

func shown(text *atomic.Pointer[string]) decor.Decorator {
	return decor.Any(func(decor.Statistics) string { return *text.Load() })
}

func (b *bars) setText(text string) { b.text.Store(&text) }

// set draws the number of cells that have ended, out of planned.
func (b *bars) set(through, planned int) {
	b.whole.SetTotal(int64(max(planned, 1)), false)
	b.whole.SetCurrent(int64(through))
}

// add draws a line for a cell, below earlier ones, or returns nil if the terminal is gone.
func (b *bars) add() *bar {
	l := new(bar)
	l.set("")
	var err error
	l.bar, err = b.progress.Add(0, nil, mpb.PrependDecorators(shown(&l.text)))
	if err != nil {
		return nil
	}
	return l
}

func (l *bar) set(text string) {
	if l != nil {
		l.text.Store(&text)
	}
}

// remove removes the line at the next rendering.
func (l *bar) remove() {
	if l != nil {
		l.bar.Abort(true)
	}
}

// Write prints lines above the bars.
func (b *bars) Write(p []byte) (int, error) { return b.progress.Write(p) }

// close removes the run's bar, once the cells' lines are gone.
func (b *bars) close() {
	b.whole.Abort(true)
	b.progress.Wait()
}
