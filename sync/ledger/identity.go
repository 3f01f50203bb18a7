package ledger

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

// unknownCommand is the command of a run whose journal no longer says it.
const unknownCommand sync.Command = "unknown"

// journal reads a run's journal, and returns the offset at which its last complete line ends. If the first line is
// damaged, or the whole file is gone, the other files say which run it is: no run may be lost sight of because of that.
// A folder with no journal, plan or summary is not a run, and errors.Is(err, fs.ErrNotExist) holds.
func (l *folder) journal(id string) (steps apply.JournalFile, size int64, err error) {
	steps, size, err = readJournal(l.journalPath(id))
	if errors.Is(err, fs.ErrNotExist) && (l.plan(id) != nil || l.hasSummary(id)) {
		steps.Damaged, err = []int{1}, nil
	}
	if err != nil {
		return steps, 0, fmt.Errorf("read run %s: %w", id, err)
	}
	if steps.Run.ID != id {
		steps.Run = l.identify(id)
		if len(steps.Damaged) == 0 {
			steps.Damaged = []int{1} // what else is missing is not known
		}
	}
	return steps, size, nil
}

func (l *folder) hasSummary(id string) bool {
	_, err := os.Stat(filepath.Join(l.path(id), summaryFile))
	return err == nil
}

// identify returns the run for which the journal can't be used: from its summary, else from its plan, else from its
// name alone.
func (l *folder) identify(id string) sync.Run {
	var s sync.Summary
	text, err := os.ReadFile(filepath.Join(l.path(id), summaryFile))
	if err == nil && json.Unmarshal(text, &s) == nil && s.ID == id {
		return s.Run
	}
	run := sync.Run{ID: id, Command: unknownCommand}
	run.StartedAt, _ = time.Parse("20060102T150405Z", id[:len("20060102T150405Z")]) // the name has the shape of a run's id
	if file := l.plan(id); file != nil {
		run.Company, run.Host, run.HRSource = file.Plan.Company, file.Plan.Host, file.Plan.Roster.Key
		run.Filtered, run.RollbackOf = file.Plan.Filtered, file.Plan.RollbackOf
	}
	return run
}

// firstLine reads a journal's first line; ok is false if it can't be read.
func (l *folder) firstLine(id string) (first startedLine, ok bool) {
	f, err := os.Open(l.journalPath(id))
	if err != nil {
		return first, false
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	return first, err == nil && json.Unmarshal(line, &first) == nil && first.Step == stepStarted && first.ID == id
}
