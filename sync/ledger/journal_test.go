package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"golang.org/x/sync/errgroup"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// writtenJournal is a journal with every step in it.
func writtenJournal(t testing.TB) (path string, text []byte) {
	t.Helper()
	l := tempLedger(t)
	run := runOf(1, sync.CommandApply)
	f := create(t, l, run)
	must(t, f.journal.Intent(intent("1")))
	must(t, f.journal.Outcome(outcome("1", sync.Applied)))
	must(t, f.journal.Intent(intent("2")))
	finish(t, f, run, true)
	path = l.journalPath(run.ID)
	text, err := os.ReadFile(path)
	must(t, err)
	return path, text
}

func TestAJournalIsReadBackAsItWasWritten(t *testing.T) {
	path, text := writtenJournal(t)
	steps, size, err := readJournal(path)
	must(t, err)
	want(t, "journal", steps, apply.JournalFile{
		Run: runOf(1, sync.CommandApply), Intents: []apply.Intent{intent("1"), intent("2")},
		Outcomes: []apply.WriteOutcome{outcome("1", sync.Applied)}, Finished: true,
	})
	want(t, "size", size, int64(len(text)))
	finished, err := hasFinished(path)
	must(t, err)
	want(t, "finished", finished, true)
}

func TestEachStepIsALineOfItsOwn(t *testing.T) {
	_, text := writtenJournal(t)
	var steps []string
	for line := range bytes.Lines(text) {
		var l struct {
			Step string `json:"step"`
			Time string `json:"time"`
		}
		must(t, json.Unmarshal(line, &l))
		if l.Time == "" {
			t.Errorf("%s has no time", l.Step)
		}
		steps = append(steps, l.Step)
	}
	want(t, "steps", steps, []string{"started", "intent", "outcome", "intent", "finished"})
}

func TestAJournalCutAtAnyByteHasEveryLineBeforeTheCut(t *testing.T) {
	_, text := writtenJournal(t)
	path := filepath.Join(t.TempDir(), journalFile)
	for n := range len(text) + 1 {
		must(t, os.WriteFile(path, text[:n], 0o600))
		steps, size, err := readJournal(path)
		must(t, err)
		lines := bytes.Count(text[:n], []byte{'\n'})
		got := len(steps.Intents) + len(steps.Outcomes)
		if steps.Run.ID != "" {
			got++
		}
		if steps.Finished {
			got++
		}
		if got != lines || len(steps.Damaged) > 0 {
			t.Fatalf("cut at byte %d: %d lines read of %d, damaged %v", n, got, lines, steps.Damaged)
		}
		if finished, err := hasFinished(path); err != nil || finished != steps.Finished {
			t.Fatalf("cut at byte %d: finished is %v, %v", n, finished, err)
		}
		if size > int64(n) || (size > 0 && text[size-1] != '\n') {
			t.Fatalf("cut at byte %d: the whole lines end at %d", n, size)
		}
	}
}

func TestGoingOnWithAJournalThatWasCutGivesAWholeOne(t *testing.T) {
	_, text := writtenJournal(t)
	path := filepath.Join(t.TempDir(), journalFile)
	for n := 0; n <= len(text); n += 29 {
		must(t, os.WriteFile(path, text[:n], 0o600))
		before, size, err := readJournal(path)
		must(t, err)
		j, err := reopenJournal(path, size)
		must(t, err)
		must(t, j.Outcome(outcome("9", sync.Failed)))
		must(t, j.close())
		after, _, err := readJournal(path)
		must(t, err)
		if len(after.Outcomes) != len(before.Outcomes)+1 || len(after.Intents) != len(before.Intents) || len(after.Damaged) > 0 {
			t.Fatalf("cut at byte %d: going on gave %+v", n, after)
		}
	}
}

func TestALineThatCantBeReadInTheMiddleIsTold(t *testing.T) {
	_, text := writtenJournal(t)
	lines := bytes.SplitAfter(text, []byte{'\n'})
	lines[2] = []byte("{\"step\":\"outc\n")
	path := filepath.Join(t.TempDir(), journalFile)
	must(t, os.WriteFile(path, bytes.Join(lines, nil), 0o600))
	steps, _, err := readJournal(path)
	must(t, err)
	want(t, "damaged", steps.Damaged, []int{3})
	want(t, "intents", len(steps.Intents), 2)
}

// brokenDisk takes some bytes, then none.
type brokenDisk struct {
	bytes.Buffer
	room    int
	syncErr error
}

var errFull = errors.New("no space left on device")

func (d *brokenDisk) Write(b []byte) (int, error) {
	n := min(d.room, len(b))
	d.room -= n
	d.Buffer.Write(b[:n])
	if n < len(b) {
		return n, errFull
	}
	return n, nil
}
func (d *brokenDisk) Sync() error { return d.syncErr }
func (d *brokenDisk) Truncate(size int64) error {
	d.Buffer.Truncate(int(size))
	return nil
}
func (d *brokenDisk) Close() error { return nil }

func TestAFullDiskIsAnErrorAndLeavesNoHalfLine(t *testing.T) {
	line, err := json.Marshal(intentLine{stepIntent, intent("1")})
	must(t, err)
	for room := range len(line) + 1 {
		d := &brokenDisk{room: room}
		j := &Journal{file: d}
		if err := j.Intent(intent("1")); !errors.Is(err, errFull) {
			t.Fatalf("with room for %d bytes: %v", room, err)
		}
		want(t, "on disk", d.String(), "")
		want(t, "it says so", errors.Is(j.Err(), errFull), true)
		d.room = 1 << 20
		if err := j.Outcome(outcome("1", sync.Applied)); !errors.Is(err, errFull) {
			t.Fatalf("after an error from the disk the journal went on: %v", err)
		}
	}
}

func TestAJournalThatCantBeSyncedIsAnError(t *testing.T) {
	failed := errors.New("input/output error")
	j := &Journal{file: &brokenDisk{room: 1 << 20, syncErr: failed}}
	if err := j.Intent(intent("1")); !errors.Is(err, failed) {
		t.Errorf("got %v", err)
	}
}

// slowDisk counts its syncs, each of which waits for the others to have written.
type slowDisk struct {
	brokenDisk
	syncs   int
	written chan struct{}
}

func (d *slowDisk) Write(b []byte) (int, error) {
	n, err := d.brokenDisk.Write(b)
	d.written <- struct{}{}
	return n, err
}

func (d *slowDisk) Sync() error {
	if d.syncs++; d.syncs == 1 {
		for len(d.written) < cap(d.written) {
			runtime.Gosched()
		}
	}
	return nil
}

func TestLinesWrittenAtTheSameTimeShareASync(t *testing.T) {
	const writers = 8
	d := &slowDisk{brokenDisk: brokenDisk{room: 1 << 20}, written: make(chan struct{}, writers)}
	j := &Journal{file: d}
	var all errgroup.Group
	for i := range writers {
		all.Go(func() error { return j.Intent(intent(procore.PresetID(strconv.Itoa(i)))) })
	}
	must(t, all.Wait())
	want(t, "lines", bytes.Count(d.Bytes(), []byte{'\n'}), writers)
	if d.syncs > 2 {
		t.Errorf("%d syncs for %d lines", d.syncs, writers)
	}
}

func BenchmarkJournal(b *testing.B) {
	for _, writers := range []int{1, 8} {
		b.Run(strconv.Itoa(writers)+"-writers", func(b *testing.B) {
			j, err := newJournal(filepath.Join(b.TempDir(), journalFile))
			must(b, err)
			defer func() { must(b, j.close()) }()
			var all errgroup.Group
			all.SetLimit(writers)
			for b.Loop() {
				all.Go(func() error { return j.Intent(intent("1")) })
			}
			must(b, all.Wait())
		})
	}
}

func TestAFinishedJournalTakesNoMoreLines(t *testing.T) {
	l := tempLedger(t)
	run := runOf(1, sync.CommandApply)
	f := create(t, l, run)
	finish(t, f, run, true)
	if err := f.journal.Intent(intent("1")); err == nil {
		t.Error("a line was taken after the end")
	}
}

func FuzzReadJournal(f *testing.F) {
	_, text := writtenJournal(f)
	f.Add(text)
	f.Add([]byte("{}\n\n{\"step\":\"intent\"}\n{\"step\":"))
	f.Add([]byte("null\n[]\n\"started\"\n"))
	path := filepath.Join(f.TempDir(), journalFile)
	f.Fuzz(func(t *testing.T, text []byte) {
		must(t, os.WriteFile(path, text, 0o600))
		steps, size, err := readJournal(path)
		must(t, err)
		if size > int64(len(text)) {
			t.Errorf("%d bytes of %d are whole", size, len(text))
		}
		if read := len(steps.Intents) + len(steps.Outcomes) + len(steps.Damaged); read > bytes.Count(text, []byte{'\n'}) {
			t.Errorf("%d lines came out of %q", read, text)
		}
		if _, err := hasFinished(path); err != nil {
			t.Error(err)
		}
	})
}
