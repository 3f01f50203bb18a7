package simulation_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// A seed that fails is of use only if it fails again.
func TestASeedReplaysExactly(t *testing.T) {
	for seed := range replays {
		first, exactly := whatHappens(t, uint64(seed)+1)
		if !exactly {
			continue
		}
		if again, _ := whatHappens(t, uint64(seed)+1); again != first {
			t.Errorf("seed %d went otherwise the second time:\n%s\nand\n%s", seed+1, first, again)
		}
	}
}

// replays is how many seeds are run twice.
const replays = 10

// whatHappens tells of all nights and writes of a seed. Nights in which requests go side by side need not go the same
// way again.
func whatHappens(t *testing.T, seed uint64) (story string, exactly bool) {
	dir := simulationDir(t)
	defer os.RemoveAll(dir)
	s := &simulation{world: newWorld(seed), dir: dir, tally: newTally()}
	synctest.Test(t, func(*testing.T) { s.play() })
	var b strings.Builder
	b.WriteString(s.story())
	for _, w := range s.server.History() {
		fmt.Fprintf(&b, "%d %s %v %s %s\n", w.Seq, w.Time, w.Ref, w.Body, w.Fault)
	}
	for _, e := range s.server.Edits() {
		fmt.Fprintf(&b, "%d %s %v %v\n", e.Seq, e.Time, e.Ref, e.After.Memberships)
	}
	return b.String(), !slices.ContainsFunc(s.nights, func(n *night) bool { return n.concurrency > 1 })
}
