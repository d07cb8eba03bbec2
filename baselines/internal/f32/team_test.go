package f32

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// TestTeam: every index is processed once, by parts that do not overlap, each with its own
// workspace.
func TestTeam(t *testing.T) {
	for _, threads := range []int{-1, 1, 2, 3, 7} {
		team := NewTeam(threads)
		if got, want := team.Threads(), max(threads, 1); got != want {
			t.Errorf("NewTeam(%d) has %d threads, want %d", threads, got, want)
		}
		for n := range 40 {
			done := make([]int, n)
			spaces := make([]*Workspace, n)
			team.Do(n, func(member, lo, hi int) {
				for i := lo; i < hi; i++ {
					done[i]++
					spaces[i] = team.Workspace(member)
				}
			})
			parts := map[*Workspace]bool{}
			for i, d := range done {
				if d != 1 {
					t.Errorf("%d threads, n=%d: index %d was done %d times", threads, n, i, d)
				}
				if i > 0 && spaces[i] != spaces[i-1] && parts[spaces[i]] {
					t.Errorf("%d threads, n=%d: one workspace for two parts", threads, n)
				}
				parts[spaces[i]] = true
			}
		}
	}
}

// TestTeamUnits: parts begin at multiples of the unit, differ by at most the unit, and cover all
// indices.
func TestTeamUnits(t *testing.T) {
	for _, threads := range []int{2, 3, 8} {
		team := NewTeam(threads)
		for _, unit := range []int{1, 6, 14, 64} {
			for _, n := range []int{0, 1, unit, unit + 1, 100, 256, 784} {
				parts := make([][2]int, threads)
				team.DoBy(unit, n, func(member, lo, hi int) { parts[member] = [2]int{lo, hi} })
				at := 0
				for _, p := range parts {
					if p == ([2]int{}) {
						continue
					}
					if p[0] != at || p[0]%unit != 0 || p[1]-p[0] > (n+threads-1)/threads+unit {
						t.Errorf("%d threads, unit %d, n=%d: parts %v", threads, unit, n, parts)
					}
					at = p[1]
				}
				if at != n {
					t.Errorf("%d threads, unit %d, n=%d: parts %v", threads, unit, n, parts)
				}
			}
		}
	}
}

// TestTeamSleeps: members that waited until they sleep are woken, members that have to wait for
// another sleep too, and no call is lost, even with more members than processors.
func TestTeamSleeps(t *testing.T) {
	for _, threads := range []int{2, 2 * runtime.GOMAXPROCS(0)} {
		team := NewTeam(threads)
		done := make([]int, threads)
		for call := range 300 {
			if call%3 == 0 {
				time.Sleep(time.Duration(call) * patience / 150)
			}
			team.Do(threads, func(member, _, _ int) {
				if (call+member)%7 == 0 {
					time.Sleep(time.Duration(call) * patience / 150)
				}
				done[member]++
			})
			for member, n := range done {
				if n != call+1 {
					t.Fatalf("%d threads: member %d did %d of %d", threads, member, n, call+1)
				}
			}
		}
	}
}

// TestTeamPanics: a panic in any member is raised in the caller after all others have finished, and
// the team remains usable.
func TestTeamPanics(t *testing.T) {
	team := NewTeam(3)
	for guilty := range 3 {
		others := make(chan int, 3)
		got := func() (p any) {
			defer func() { p = recover() }()
			team.Do(3, func(member, lo, hi int) {
				if member == guilty {
					panic(fmt.Sprint("member ", member))
				}
				time.Sleep(time.Millisecond)
				others <- member
			})
			return nil
		}()
		if want := fmt.Sprint("member ", guilty); got != want {
			t.Errorf("Do panics with %v, want %q", got, want)
		}
		if len(others) != 2 {
			t.Errorf("%d of 2 others were done when Do gave up", len(others))
		}
	}
	sum := make([]int, 3)
	team.Do(3, func(_, lo, hi int) { sum[lo] = hi })
	if fmt.Sprint(sum) != "[1 2 3]" {
		t.Errorf("after panics, parts end at %v", sum)
	}
}

// TestTeamEnds: the goroutines of an unreachable team end.
func TestTeamEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 20 {
		NewTeam(5).Do(5, func(_, _, _ int) {})
	}
	for range 200 {
		runtime.GC()
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
}

func TestTeamAllocatesNothing(t *testing.T) {
	team := NewTeam(3)
	body := func(_, _, _ int) {}
	if n := testing.AllocsPerRun(100, func() { team.Do(30, body) }); n != 0 {
		t.Errorf("%g allocations a call of Do", n)
	}
}

func BenchmarkTeam(b *testing.B) {
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprint("threads=", threads), func(b *testing.B) {
			team := NewTeam(threads)
			body := func(_, _, _ int) {}
			for b.Loop() {
				team.Do(threads, body)
			}
		})
	}
}
