package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

// A peer is a process that does the same work with another implementation; see bench/peers.
type peer struct {
	greeting string
	process  *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
}

func startPeer(command string, threads int) (*peer, error) {
	f := strings.Fields(command)
	p := &peer{process: exec.Command(f[0], f[1:]...)}
	n := fmt.Sprint(threads)
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "OPENBLAS_CORETYPE=") { // lets OpenBLAS choose
			p.process.Env = append(p.process.Env, v)
		}
	}
	p.process.Env = append(p.process.Env, "THREADS="+n, "OMP_NUM_THREADS="+n,
		"OPENBLAS_NUM_THREADS="+n)
	p.process.Stderr = os.Stderr
	var err error
	if p.in, err = p.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.process.Start(); err != nil {
		return nil, fmt.Errorf("peer %q: %w", command, err)
	}
	if p.greeting, err = p.out.ReadString('\n'); err != nil {
		return nil, fmt.Errorf("peer %q did not answer (it needs Debian's python3-torch): "+
			"%w", command, err)
	}
	p.greeting = strings.TrimSpace(p.greeting)
	return p, nil
}

// ask returns the seconds (see now) that count units of work took.
func (p *peer) ask(model, work string, count int) float64 {
	fmt.Fprintln(p.in, model, work, count)
	var wall, cpu float64
	if _, err := fmt.Fscan(p.out, &wall, &cpu); err != nil {
		panic(fmt.Sprintf("speed: the peer's answer: %v", err))
	}
	if *onCPU {
		return cpu
	}
	return wall
}

func (p *peer) stop() {
	p.in.Close()
	p.process.Wait()
}
