//go:build unix

package external

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
)

// TestFoldersAtOnce checks that sessions can begin while others end: each has its folder until it
// removes it, and the parent goes with the last of them.
func TestFoldersAtOnce(t *testing.T) {
	temp := filepath.Join(t.TempDir(), "runs", "programs")
	var group sync.WaitGroup
	for w := range 8 {
		group.Go(func() {
			for range 200 {
				s := &session{Settings: Settings{Temp: temp, Name: "cell" + strconv.Itoa(w)}}
				if err := s.makeFolder(); err != nil {
					t.Error(err)
					return
				}
				if info, err := os.Stat(s.dir); err != nil || !info.IsDir() {
					t.Errorf("folder %s: %v", s.dir, err)
				}
				s.discard()
			}
		})
	}
	group.Wait()
	if _, err := os.Stat(temp); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left: %v", temp, err)
	}
}
