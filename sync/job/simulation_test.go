package job_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"procore-assignee-sync/procore/sandbox"
)

var (
	seedFlag  = flag.Uint64("seed", 0, "run the simulation with this one seed")
	seedsFlag = flag.Int("seeds", defaultSeeds, "how many seeds TestSimulation runs")
	soakFlag  = flag.Duration("soak", 0, "how long TestSoak runs")
)

// A simulation is a random company, roster, role map and policy, over a few nights with random faults, edits by hand
// and kills, then clean nights until it is quiet. After each night the invariants of §3 are checked against the
// simulated Procore's whole history.
func TestSimulation(t *testing.T) {
	first, count := uint64(1), *seedsFlag
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
	n := simulateAll(t, uint64(time.Now().Unix())<<20, func(int) bool { return time.Now().Before(end) })
	t.Logf("%d seeds", n)
}

// simulateAll runs seeds from first on while more says so, on all cores.
func simulateAll(t *testing.T, first uint64, more func(n int) bool) int {
	workers := runtime.GOMAXPROCS(0)
	ran := make([]int, workers)
	t.Run("seeds", func(t *testing.T) {
		for w := range workers {
			t.Run(fmt.Sprint(w), func(t *testing.T) {
				t.Parallel()
				for n := w; more(n) && !t.Failed(); n += workers {
					ran[w]++
					simulate(t, first+uint64(n))
				}
			})
		}
	})
	total := 0
	for _, n := range ran {
		total += n
	}
	return total
}

func simulate(t *testing.T, seed uint64) {
	dir := simulationDir(t)
	defer os.RemoveAll(dir)
	synctest.Test(t, func(t *testing.T) {
		s := &simulation{world: newWorld(seed), dir: dir}
		breaches := s.play()
		if len(breaches) > 0 {
			t.Errorf("seed %d:\n  %s\n%s\nreplay: go test ./sync/job -run TestSimulation -seed=%d",
				seed, strings.Join(breaches, "\n  "), s.story(), seed)
		}
	})
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
	for range 1 + s.rnd.IntN(3) {
		n := &night{faulty: true}
		s.server.SetFaults(s.faults())
		s.run(n, s.killPoint(), s.concurrency())
		if breaches := s.check(n); len(breaches) > 0 {
			return breaches
		}
		if s.chance(30) {
			s.hrChanges()
		}
	}
	s.server.SetFaults(nil)
	for range 3 {
		n := &night{}
		s.run(n, killPoint{}, s.concurrency())
		if breaches := s.check(n); len(breaches) > 0 {
			return breaches
		}
	}
	return s.checkQuiet(s.nights[len(s.nights)-1])
}

// newServer makes the simulated Procore, which differs in what the public descriptions leave open.
func (s *simulation) newServer() {
	opts := sandbox.Options{
		StrictAssignees:   s.chance(20),
		DropOmittedGroups: s.chance(30),
		MergeGroups:       s.chance(20),
		BareAnswers:       s.chance(20),
		LogRequests:       true,
	}
	if s.chance(20) {
		opts.TenSecond = 10 + s.rnd.IntN(20)
	}
	s.server = sandbox.New(s.company, opts)
}

// faults makes up what goes wrong in a night.
func (s *simulation) faults() []sandbox.Fault {
	var faults []sandbox.Fault
	kinds := []sandbox.FaultKind{
		sandbox.FaultStatus, sandbox.FaultRefuse, sandbox.FaultReset, sandbox.FaultTimeout, sandbox.FaultSlow,
		sandbox.FaultTruncate, sandbox.FaultHTML, sandbox.FaultContentType, sandbox.FaultInvalidJSON,
		sandbox.FaultShortPage, sandbox.FaultRepeatPage, sandbox.FaultMovingTotal,
		sandbox.FaultUnapplied, sandbox.FaultDamage, sandbox.FaultEdit, sandbox.FaultEdit, sandbox.FaultRevoke,
	}
	on := []string{"", "", "list*", "getProjectPreset", "get*", "PATCH *", "PATCH *", "listCompanyUsers", "list*Presets"}
	for range s.rnd.IntN(4) {
		f := sandbox.Fault{
			Kind:        kinds[s.rnd.IntN(len(kinds))],
			On:          on[s.rnd.IntN(len(on))],
			Probability: []float64{0.02, 0.1, 0.3}[s.rnd.IntN(3)],
			Seed:        s.rnd.Uint64(),
		}
		switch f.Kind {
		case sandbox.FaultStatus:
			f.Status = []int{401, 403, 404, 408, 409, 422, 429, 500, 502, 503}[s.rnd.IntN(10)]
			f.Applied = f.Status >= 500 && s.chance(50)
			if s.chance(50) {
				f.RetryAfter = "7"
			}
		case sandbox.FaultReset, sandbox.FaultTimeout:
			f.Applied = s.chance(50)
		case sandbox.FaultSlow:
			f.Delay = time.Minute
		}
		faults = append(faults, f)
	}
	return faults
}

// killPoint chooses where a run dies, if it does.
func (s *simulation) killPoint() killPoint {
	if !s.chance(30) {
		return killPoint{}
	}
	kinds := []string{"GET preset", "GET preset", "PATCH", "PATCH", "PATCH", "GET presets", "GET users"}
	return killPoint{kind: kinds[s.rnd.IntN(len(kinds))], nth: 1 + s.rnd.IntN(6), after: s.chance(50)}
}

// concurrency is mostly 1, so that a seed replays exactly.
func (s *simulation) concurrency() int {
	if s.chance(25) {
		return 4
	}
	return 1
}

// story says what the nights of a seed were, for the person who looks into it.
func (s *simulation) story() string {
	var b strings.Builder
	for i, n := range s.nights {
		fmt.Fprintf(&b, "night %d: faulty %v, killed %v, %s, error %v\n", i, n.faulty, n.killed, n.rec.Summary.Message, n.err)
	}
	return b.String()
}
