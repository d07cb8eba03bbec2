package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/uaibench/uaibench/bench"
)

// Progress is the state of a download.
type Progress struct {
	Set   *Set
	File  bench.RawFile
	URL   string
	Done  int64 // bytes
	Total int64 // 0: unknown
}

// Fetched is the result of Fetch for one raw file.
type Fetched struct {
	Set  *Set
	File bench.RawFile
	Path string
	URL  string // "": it was already there and valid
}

// stall is the longest time without a byte before a download fails.
const stall = time.Minute

// Fetch downloads the raw files of the sets with these IDs (none: all sets) into the cache, each
// from the first of its public addresses that works. It skips valid files. If a file has no public
// address, the others are still fetched; the error then describes how to get it. progress may be
// nil; it is called often, from one goroutine.
func (f *Finder) Fetch(ctx context.Context, ids []string,
	progress func(Progress)) ([]Fetched, error) {
	sets, err := f.named(ids)
	if err != nil {
		return nil, err
	}
	if progress == nil {
		progress = func(Progress) {}
	}
	var out []Fetched
	var byHand []error
	for _, s := range sets {
		for _, file := range s.Files {
			path, err := f.read(ctx, s, file, nil)
			if err == nil {
				out = append(out, Fetched{Set: s, File: file, Path: path})
				continue
			}
			var bad *FileError
			if !errors.As(err, &bad) {
				return out, err
			}
			if bad.User {
				return out, err // a download would not be found
			}
			if len(s.URLs) == 0 {
				byHand = append(byHand, fmt.Errorf("%s: %s has no address from which a program "+
					"may download it: %s", s.Title, s.name(file), s.ways(false)))
				continue
			}
			path, from, err := f.fetch(ctx, s, file, progress)
			if err != nil {
				return out, err
			}
			out = append(out, Fetched{Set: s, File: file, Path: path, URL: from})
		}
	}
	return out, errors.Join(byHand...)
}

func (f *Finder) named(ids []string) ([]*Set, error) {
	if len(ids) == 0 {
		return f.sets(), nil
	}
	var out []*Set
	for _, id := range ids {
		known := ""
		found := false
		for _, s := range f.sets() {
			known += " " + s.ID
			if s.ID == id {
				out, found = append(out, s), true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no set of raw files %q; there are:%s", id, known)
		}
	}
	return out, nil
}

func (f *Finder) fetch(ctx context.Context, s *Set, file bench.RawFile,
	progress func(Progress)) (path, from string, err error) {
	var failed []string
	for _, base := range s.URLs {
		from := strings.TrimSuffix(base, "/") + "/" + s.name(file)
		path, err := f.download(ctx, s, file, from, progress)
		if err == nil {
			return path, from, nil
		}
		if ctx.Err() != nil {
			return "", "", context.Cause(ctx)
		}
		failed = append(failed, fmt.Sprintf("\n    %s: %v", from, err))
	}
	return "", "", fmt.Errorf("%s: %s could not be downloaded:%s\n  Without a network: %s; or "+
		"give its folder with --data",
		s.Title, s.name(file), strings.Join(failed, ""), s.ways(false))
}

func (f *Finder) download(ctx context.Context, s *Set, file bench.RawFile, from string,
	progress func(Progress)) (string, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(stall, func() { cancel(fmt.Errorf("no data arrived for %v", stall)) })
	defer watch.Stop()

	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return "", err
	}
	// The published file may be gzip itself; no other encoding must change its bytes.
	req.Header.Set("Accept-Encoding", "identity")
	client := f.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", plainly(ctx, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("the server answered %s", resp.Status)
	}
	limit := 2*file.Bytes + 1<<20 // far above gzip's worst-case expansion
	r := &counter{r: io.LimitReader(resp.Body, limit), read: func(done int64) {
		watch.Reset(stall)
		progress(Progress{Set: s, File: file, URL: from, Done: done, Total: max(resp.ContentLength,
			0)})
	}}
	path, err := f.install(ctx, s, file, r)
	if err != nil {
		var u *unfit
		if errors.As(err, &u) {
			return "", fmt.Errorf("the download %w", err)
		}
		return "", plainly(ctx, err)
	}
	return path, nil
}

// plainly shortens a transfer error's text, keeping the cause.
func plainly(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("the transfer was interrupted: %w", err)
	}
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return fmt.Errorf("no network, or no such host: %w", dns)
	}
	var u *url.Error
	if errors.As(err, &u) {
		// without the method and the address, which the message has already
		return fmt.Errorf("cannot be reached: %w", u.Err)
	}
	return err
}

// counter calls read with the number of bytes read so far.
type counter struct {
	r    io.Reader
	n    int64
	read func(n int64)
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if n > 0 {
		c.read(c.n)
	}
	return n, err
}
