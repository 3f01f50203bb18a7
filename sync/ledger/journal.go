package ledger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	gosync "sync"
	"time"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// The steps recorded in a journal.
const (
	stepStarted  = "started"
	stepIntent   = "intent"
	stepOutcome  = "outcome"
	stepFinished = "finished"
)

type startedLine struct {
	Step string    `json:"step"`
	Time time.Time `json:"time"`
	sync.Run
	Manifest bool `json:"manifest"` // the run gets a manifest when it ends; earlier versions wrote none
}

type intentLine struct {
	Step string `json:"step"`
	apply.Intent
}

type outcomeLine struct {
	Step string `json:"step"`
	apply.WriteOutcome
}

type finishedLine struct {
	Step     string       `json:"step"`
	Time     time.Time    `json:"time"`
	Outcome  sync.Outcome `json:"outcome"`
	ExitCode int          `json:"exit_code"`
}

// journalStorage is what a journal needs of its file.
type journalStorage interface {
	io.Writer
	Sync() error
	Truncate(size int64) error
	Close() error
}

// Journal is a run's journal.jsonl: one line of JSON for each step, written in one write each and on disk when the call
// returns. It is safe for concurrent use; lines written at the same time share one sync. After an error from the disk
// it accepts no more lines, because it is no longer certain what it holds.
type Journal struct {
	mu     gosync.Mutex // of the fields below; never held while the disk syncs
	file   journalStorage
	size   int64
	broken error

	syncing gosync.Mutex // held during a sync
	synced  int64        // offset up to which everything is on disk
}

// newJournal starts a journal. The file must not exist.
func newJournal(path string) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, fileMode)
	if err != nil {
		return nil, err
	}
	return &Journal{file: f}, nil
}

// reopenJournal continues a journal whose lines end at size: a last line that was cut off is removed, since it never
// counted.
func reopenJournal(path string, size int64) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, fileMode)
	if err != nil {
		return nil, err
	}
	if err := f.Truncate(size); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &Journal{file: f, size: size}, nil
}

// Intent records what is about to be sent.
func (j *Journal) Intent(i apply.Intent) error { return j.append(intentLine{stepIntent, i}) }

// Outcome records how writing a preset ended.
func (j *Journal) Outcome(o apply.WriteOutcome) error { return j.append(outcomeLine{stepOutcome, o}) }

// Err returns why the journal accepts no more lines, or nil if it does.
func (j *Journal) Err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.broken
}

func (j *Journal) started(run sync.Run) error {
	return j.append(startedLine{stepStarted, run.StartedAt, run, true})
}

func (j *Journal) finished(at time.Time, outcome sync.Outcome, exitCode int) error {
	return j.append(finishedLine{stepFinished, at, outcome, exitCode})
}

func (j *Journal) append(line any) error {
	text, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("write the journal: %w", err)
	}
	end, err := j.write(append(text, '\n'))
	if err != nil {
		return err
	}
	return j.sync(end)
}

// write writes a line and returns the offset of its end.
func (j *Journal) write(line []byte) (end int64, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken != nil {
		return 0, j.broken
	}
	n, err := j.file.Write(line)
	if err != nil {
		j.broken = fmt.Errorf("write the journal: %w", err)
		if n > 0 {
			// Part of the line is on disk. Without its newline it does not count, so truncating is merely tidy.
			_ = j.file.Truncate(j.size)
		}
		return 0, j.broken
	}
	j.size += int64(n)
	return j.size, nil
}

// sync returns once everything up to end is on disk, which another line's sync may already have done.
func (j *Journal) sync(end int64) error {
	j.syncing.Lock()
	defer j.syncing.Unlock()
	if j.synced >= end {
		return nil
	}
	j.mu.Lock()
	size, err := j.size, j.broken
	j.mu.Unlock()
	if err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		err = fmt.Errorf("write the journal: %w", err)
		j.mu.Lock()
		defer j.mu.Unlock()
		j.broken = err
		return err
	}
	j.synced = size
	return nil
}

func (j *Journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.broken == nil {
		j.broken = errors.New("write the journal: the run has finished")
	}
	return j.file.Close()
}

// readJournal reads a journal, and returns the offset at which its last complete line ends. A last line without its
// newline was cut off while it was being written. It does not count, since nothing is done before its line is on disk.
func readJournal(path string) (steps apply.JournalFile, size int64, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return apply.JournalFile{}, 0, err
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	number := 0
	for line := range bytes.Lines(whole) {
		number++
		if err := readLine(&steps, line); err != nil {
			steps.Damaged = append(steps.Damaged, number)
		}
	}
	return steps, int64(len(whole)), nil
}

// hasFinished reports whether a journal ends with the line "finished". It reads only the end, because journals can be
// long and there is one for every night.
func hasFinished(path string) (finished bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	tail := make([]byte, min(info.Size(), longestFinished))
	if _, err := f.ReadAt(tail, info.Size()-int64(len(tail))); err != nil {
		return false, err
	}
	text, whole := bytes.CutSuffix(tail, []byte("\n"))
	var last apply.JournalFile
	return whole && readLine(&last, text[bytes.LastIndexByte(text, '\n')+1:]) == nil && last.Finished, nil
}

// longestFinished is an upper bound for the length of a line "finished".
const longestFinished = 1024

// readLine adds what one line says to steps.
func readLine(steps *apply.JournalFile, line []byte) error {
	var which struct {
		Step string `json:"step"`
		Of   string `json:"of"`
	}
	if err := json.Unmarshal(line, &which); err != nil {
		return err
	}
	if which.Of != "" {
		return nil // of a running workflow: see readRunningSteps
	}
	switch which.Step {
	case stepStarted:
		return json.Unmarshal(line, &steps.Run)
	case stepIntent:
		return decodeInto(&steps.Intents, line)
	case stepOutcome:
		return decodeInto(&steps.Outcomes, line)
	case stepFinished:
		err := json.Unmarshal(line, new(finishedLine))
		steps.Finished = steps.Finished || err == nil
		return err
	}
	return fmt.Errorf("no step is called %q", which.Step)
}

func decodeInto[T any](list *[]T, line []byte) error {
	var entry T
	if err := json.Unmarshal(line, &entry); err != nil {
		return err
	}
	*list = append(*list, entry)
	return nil
}
