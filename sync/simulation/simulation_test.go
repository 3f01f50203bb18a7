package simulation_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "run the simulation with this one seed")
	firstFlag = flag.Uint64("first", 1, "the first seed that TestSimulation runs")
	seedsFlag = flag.Int("seeds", defaultSeeds, "how many seeds TestSimulation runs")
	soakFlag  = flag.Duration("soak", 0, "how long TestSoak runs")
)

// A simulation is a random company, roster, role map and policy, over a few nights with random faults, edits by hand,
// kills and stops, then clean nights until it is quiet. At each write and after each night the invariants of the
// design are checked against what really is so. With -v it says how often what happened.
func TestSimulation(t *testing.T) {
	first, count := *firstFlag, *seedsFlag
	if *seedFlag != 0 {
		first, count = *seedFlag, 1
	}
	simulateAll(t, first, func(n int) bool { return n < count })
}

// TestSoak runs seeds that TestSimulation never gets to, as long as it is told.
func TestSoak(t *testing.T) {
	if *soakFlag == 0 {
		t.Skip("how long is told with -soak, as by `make soak DURATION=10m`")
	}
	end := time.Now().Add(*soakFlag)
	simulateAll(t, uint64(time.Now().Unix())<<20, func(int) bool { return time.Now().Before(end) })
}

// manySeeds is from how many seeds on all that must happen is sure to.
const manySeeds = 2000

// simulateAll runs seeds from first on while more says so, on all cores.
func simulateAll(t *testing.T, first uint64, more func(n int) bool) {
	// A simulation makes much that is garbage a moment later; memory is there, and time is short.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	workers := runtime.GOMAXPROCS(0)
	total := newTally()
	t.Run("seeds", func(t *testing.T) {
		for w := range workers {
			t.Run(fmt.Sprint(w), func(t *testing.T) {
				t.Parallel()
				for n := w; more(n) && !t.Failed(); n += workers {
					total.include(simulate(t, first+uint64(n)))
				}
			})
		}
	})
	t.Logf("what happened:\n%s", total)
	if missing := total.missing(); total.counts["seeds"] >= manySeeds && len(missing) > 0 {
		t.Errorf("the simulation does not prove what it should, since this never happened: %s", strings.Join(missing, "; "))
	}
}

func simulate(t *testing.T, seed uint64) tally {
	dir := simulationDir(t)
	defer os.RemoveAll(dir)
	s := &simulation{world: newWorld(seed), dir: dir, tally: newTally()}
	synctest.Test(t, func(t *testing.T) {
		if breaches := s.play(); len(breaches) > 0 {
			t.Errorf("seed %d:\n  %s\n%s\nreplay: go test ./sync/simulation -run TestSimulation -seed=%d",
				seed, strings.Join(breaches, "\n  "), s.story(), seed)
		}
	})
	s.tally.add("seeds")
	return s.tally
}

// simulationDir is in memory where the system has such a place: thousands of ledgers are synced to it.
func simulationDir(t testing.TB) string {
	t.Helper()
	base := "/dev/shm"
	if info, err := os.Stat(base); err != nil || !info.IsDir() {
		base = ""
	}
	dir, err := os.MkdirTemp(base, "simulation-")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// play lets nights pass, and gives the first invariants that break.
func (s *simulation) play() []string {
	s.newServer()
	s.readDays = []int{1, 1, 2, 3}[s.rnd.IntN(4)]
	s.beginWorkflows()
	for range 1 + s.rnd.IntN(3) {
		n := s.badNight()
		s.server.SetFaults(append(s.faults(), s.runningFaults()...))
		if breaches := s.pass(n); len(breaches) > 0 {
			return breaches
		}
		s.dayPasses()
		if n.dry && n.plan != nil && !n.killed && s.chance(70) {
			later := s.badNight()
			later.byHand, later.named, later.decisions = false, "", nil
			later.dry, later.undoes, later.onlyProject, later.saved, later.truth = false, nil, "", n, n.truth
			s.server.SetFaults(append(s.faults(), s.runningFaults()...))
			if breaches := s.pass(later); len(breaches) > 0 {
				return breaches
			}
			s.dayPasses()
		}
	}
	if breaches := s.comeToRest(); len(breaches) > 0 {
		return breaches
	}
	return s.checkRemembering()
}

// story says what the nights of a seed were, for the person who looks into it.
func (s *simulation) story() string {
	var b strings.Builder
	for i, n := range s.nights {
		fmt.Fprintf(&b, "night %d: run %s, faulty %v, dry %v, concurrency %d, killed %v, %s, error %v\n",
			i, n.runID, n.faulty, n.dry, n.concurrency, n.killed, n.rec.Summary.Message, n.err)
	}
	return b.String()
}
