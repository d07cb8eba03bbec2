package source

import "io"

// ahead reads in a separate goroutine, so that decompression overlaps with its caller's work.
type ahead struct {
	full, free chan piece
	stop       chan struct{}
	now        piece  // being read by Read
	rest       []byte // the unread part of now
}

type piece struct {
	data []byte
	err  error // follows data
}

// readAhead reads r until an error, into a fixed number of buffers. Close it.
func readAhead(r io.Reader) *ahead {
	const pieces, size = 4, 1 << 18
	a := &ahead{full: make(chan piece, pieces), free: make(chan piece, pieces),
		stop: make(chan struct{})}
	for range pieces {
		a.free <- piece{data: make([]byte, 0, size)}
	}
	go func() {
		defer close(a.full)
		for {
			var p piece
			select {
			case p = <-a.free:
			case <-a.stop:
				return
			}
			n, err := 0, error(nil)
			for n < size && err == nil {
				var k int
				k, err = r.Read(p.data[n:size])
				n += k
			}
			a.full <- piece{p.data[:n], err} // does not block: full holds all pieces
			if err != nil {
				return
			}
		}
	}()
	return a
}

func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.now.err != nil {
			return 0, a.now.err
		}
		if a.now.data != nil {
			a.free <- piece{data: a.now.data[:0]}
		}
		a.now = <-a.full
		a.rest = a.now.data
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// Close stops the goroutine and waits for it.
func (a *ahead) Close() {
	close(a.stop)
	for range a.full {
	}
}
