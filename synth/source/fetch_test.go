package source

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPublicAddressesAreHTTPS(t *testing.T) {
	for _, s := range Sets() {
		if len(s.URLs)+len(s.Pages) == 0 {
			t.Errorf("%s has no public address", s.ID)
		}
		for _, u := range s.URLs {
			if !strings.HasPrefix(u, "https://") {
				t.Errorf("%s: %s", s.ID, u)
			}
		}
	}
}

// served returns a server for a set's files and its number of requests so far.
func served(t *testing.T, handle func(w http.ResponseWriter, name string)) (*httptest.Server, *int) {
	n := new(int)
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*n++
		handle(w, strings.TrimPrefix(r.URL.Path, "/data/"))
	}))
	t.Cleanup(srv.Close)
	return srv, n
}

func TestFetch(t *testing.T) {
	s, images, labels := small("a", 20, 0)
	files := map[string][]byte{s.Files[0].Name + ".gz": zipped(t, images), s.Files[1].Name + ".gz": zipped(t, labels)}
	srv, requests := served(t, func(w http.ResponseWriter, name string) { w.Write(files[name]) })
	gone, goneRequests := served(t, func(w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusNotFound) })
	s.URLs = []string{gone.URL + "/data", srv.URL + "/data/"} // the first address fails, the second is good
	f := &Finder{Cache: filepath.Join(t.TempDir(), "cache"), Sets: []*Set{s}, Client: srv.Client()}

	var last Progress
	got, err := f.Fetch(t.Context(), nil, func(p Progress) { last = p })
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || *requests != 2 || *goneRequests != 2 {
		t.Fatalf("%d files; %d and %d requests", len(got), *goneRequests, *requests)
	}
	if size := int64(len(files[s.Files[1].Name+".gz"])); last.File.Name != s.Files[1].Name || last.Done != size || last.Total != size {
		t.Errorf("last progress: %s, %d of %d bytes, want %d", last.File.Name, last.Done, last.Total, size)
	}
	if _, err := f.Images(t.Context(), s); err != nil {
		t.Error(err)
	}
	// The second time nothing is downloaded; a damaged file is replaced.
	if again, err := f.Fetch(t.Context(), []string{"a"}, nil); err != nil || again[0].URL != "" || *requests != 2 {
		t.Errorf("again: %+v, %v, %d requests", again, err, *requests)
	}
	write(t, []byte("damaged"), got[0].Path)
	if again, err := f.Fetch(t.Context(), []string{"a"}, nil); err != nil || again[0].URL == "" || again[1].URL != "" || *requests != 3 {
		t.Errorf("after damage: %+v, %v, %d requests", again, err, *requests)
	}
	if _, err := verify(t, f); err != nil {
		t.Error(err)
	}
	onlyRawFiles(t, filepath.Join(f.Cache, "a"))
}

// onlyRawFiles fails the test if a temporary file was left behind.
func onlyRawFiles(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

func TestFetchFails(t *testing.T) {
	s, images, _ := small("a", 20, 0)
	for _, c := range []struct {
		what   string
		handle func(w http.ResponseWriter, name string)
		want   string
	}{
		{"not found", func(w http.ResponseWriter, _ string) { w.WriteHeader(http.StatusNotFound) }, "the server answered 404 Not Found"},
		{"a login page", func(w http.ResponseWriter, _ string) { w.Write([]byte("<html>Please log in</html>")) }, "the download has 26 bytes of content, want 136"},
		{"cut off", func(w http.ResponseWriter, _ string) {
			w.Header().Set("Content-Length", "1000")
			w.Write(zipped(t, images)[:20])
		}, "the transfer was interrupted"},
		{"without end", func(w http.ResponseWriter, _ string) {
			for range 2000 {
				if _, err := w.Write(make([]byte, 1<<10)); err != nil {
					return
				}
			}
		}, "the download has more than 136 bytes"},
	} {
		t.Run(c.what, func(t *testing.T) {
			srv, _ := served(t, c.handle)
			s.URLs = []string{srv.URL + "/data/"}
			f := &Finder{Cache: t.TempDir(), Sets: []*Set{s}, Client: srv.Client()}
			_, err := f.Fetch(t.Context(), nil, nil)
			if err == nil {
				t.Fatal("no error")
			}
			for _, w := range []string{c.want, srv.URL, "ask a's author", "uaibench data import PATH", "--data"} {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("the message lacks %q:\n%v", w, err)
				}
			}
			onlyRawFiles(t, filepath.Join(f.Cache, "a"))
			if list, _ := f.List(t.Context()); list[0].State() != "missing" {
				t.Errorf("left a file that is %s", list[0].State())
			}
		})
	}
}

func TestFetchWithoutNetwork(t *testing.T) {
	s, _, _ := small("a", 20, 0)
	srv, _ := served(t, nil)
	srv.Close() // no longer listening
	s.URLs = []string{srv.URL, "https://host.invalid/data/"}
	f := &Finder{Cache: t.TempDir(), Sets: []*Set{s}}
	_, err := f.Fetch(t.Context(), nil, nil)
	if err == nil {
		t.Fatal("no error")
	}
	for _, w := range []string{"could not be downloaded", "connection refused", "host.invalid", "Without a network:", "ask a's author", "uaibench data import PATH"} {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the message lacks %q:\n%v", w, err)
		}
	}
}

func TestFetchIsCancelled(t *testing.T) {
	s, _, _ := small("a", 20, 0)
	ctx, cancel := context.WithCancel(t.Context())
	srv, requests := served(t, func(w http.ResponseWriter, _ string) {
		w.Write([]byte("some"))
		w.(http.Flusher).Flush()
		cancel()
		<-ctx.Done()
	})
	s.URLs = []string{srv.URL, srv.URL}
	f := &Finder{Cache: t.TempDir(), Sets: []*Set{s}, Client: srv.Client()}
	if _, err := f.Fetch(ctx, nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if *requests != 1 {
		t.Errorf("%d requests: it went on after the interrupt", *requests)
	}
	onlyRawFiles(t, filepath.Join(f.Cache, "a"))
}

func TestFetchRefuses(t *testing.T) {
	s, images, _ := small("a", 20, 0)
	f := &Finder{Dir: t.TempDir(), Cache: t.TempDir(), Sets: []*Set{s}}
	if _, err := f.Fetch(t.Context(), []string{"mist"}, nil); err == nil || !strings.Contains(err.Error(), `"mist"; there are: a`) {
		t.Errorf("unknown set: %v", err)
	}
	// A download would not be used: the user's own damaged file takes precedence.
	write(t, images[:50], f.Dir, "a", s.Files[0].Name)
	if _, err := f.Fetch(t.Context(), nil, nil); err == nil || !strings.Contains(err.Error(), "remove that file") {
		t.Errorf("damaged file in the data directory: %v", err)
	}
}
