package ledger

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// childEnv holds the ledger's folder in the process that TestBeKilled runs in.
const childEnv = "ASSIGNEE_SYNC_TEST_LEDGER"

// TestBeKilled is the body of the process that the other tests kill: it takes the lock, makes a run's folder,
// journals without end, and says so line by line.
func TestBeKilled(t *testing.T) {
	dir := os.Getenv(childEnv)
	if dir == "" {
		t.Skip("runs in a process of its own only, started by the tests beside it")
	}
	l, err := openFolder(dir)
	must(t, err)
	run := runOf(1, sync.CommandApply)
	_, err = l.lock(company, host, Holder{Host: "node", PID: os.Getpid(), RunID: run.ID, Since: run.StartedAt, Company: company})
	must(t, err)
	f := create(t, l, run)
	for i := 1; ; i++ {
		must(t, f.journal.Intent(intent(procore.PresetID(fmt.Sprint(i)))))
		fmt.Printf("journalled %d\n", i)
	}
}

// startToBeKilled returns the running process, and what it says.
func startToBeKilled(t *testing.T, dir string) (kill func(), said *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestBeKilled$")
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	kill = func() {
		_ = cmd.Process.Kill()
		_, _ = io.Copy(io.Discard, out)
		_ = cmd.Wait()
	}
	t.Cleanup(kill)
	return kill, bufio.NewScanner(out)
}

func awaitLines(t *testing.T, said *bufio.Scanner, n int) (last int) {
	t.Helper()
	for last < n && said.Scan() {
		_, _ = fmt.Sscanf(said.Text(), "journalled %d", &last)
	}
	if last < n {
		t.Fatalf("the other process ended early: %v", said.Err())
	}
	return last
}

func TestWhoIsRefusedTheLockLearnsWhoHoldsIt(t *testing.T) {
	l := tempLedger(t)
	_, said := startToBeKilled(t, l.dir)
	awaitLines(t, said, 1)
	_, err := l.lock(company, host, Holder{})
	var held *HeldError
	if !errors.As(err, &held) {
		t.Fatalf("got %v", err)
	}
	want(t, "run", held.RunID, runOf(1, sync.CommandApply).ID)
	for _, part := range []string{"node", fmt.Sprint(held.PID), held.RunID, "2026-11-01T02:00:00Z"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not mention %q", err, part)
		}
	}
}

func TestAKilledProcessHoldsNoLockAndLeavesAReadableJournal(t *testing.T) {
	l := tempLedger(t)
	kill, said := startToBeKilled(t, l.dir)
	last := awaitLines(t, said, 20)
	kill()
	release, err := l.lock(company, host, Holder{RunID: "next"})
	must(t, err)
	defer func() { must(t, release()) }()
	open, err := l.interrupted(company, host)
	must(t, err)
	want(t, "interrupted", len(open), 1)
	steps, _, err := readJournal(l.journalPath(open[0].ID))
	must(t, err)
	want(t, "damaged", len(steps.Damaged), 0)
	if len(steps.Intents) < last {
		t.Errorf("%d intents are there of %d that were journalled", len(steps.Intents), last)
	}
}
