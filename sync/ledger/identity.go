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

// unknownCommand stands for the command of a run whose journal does not say it any more.
const unknownCommand sync.Command = "unknown"

// journal reads a run's journal, and says where its last whole line ends. Where the first line is damaged, or all of the
// file is gone, what else there is says which run it is: nobody must lose sight of a run because of that. What has
// neither a journal nor a plan nor a summary is no run: an error for which errors.Is(err, fs.ErrNotExist) holds.
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
			steps.Damaged = []int{1} // what else is missing nobody knows
		}
	}
	return steps, size, nil
}

func (l *folder) hasSummary(id string) bool {
	_, err := os.Stat(filepath.Join(l.path(id), summaryFile))
	return err == nil
}

// identify says which run it is of which the journal does not say it: by its summary, else its plan, else by its name
// alone.
func (l *folder) identify(id string) sync.Run {
	var s sync.Summary
	text, err := os.ReadFile(filepath.Join(l.path(id), summaryFile))
	if err == nil && json.Unmarshal(text, &s) == nil && s.ID == id {
		return s.Run
	}
	run := sync.Run{ID: id, Command: unknownCommand}
	run.StartedAt, _ = time.Parse("20060102T150405Z", id[:len("20060102T150405Z")]) // its shape is that of a run's id
	if file := l.plan(id); file != nil {
		run.Company, run.Host, run.HRSource = file.Plan.Company, file.Plan.Host, file.Plan.Roster.Key
		run.Filtered, run.RollbackOf = file.Plan.Filtered, file.Plan.RollbackOf
	}
	return run
}

// firstLine reads what a journal's first line says; ok is false where it can't be read.
func (l *folder) firstLine(id string) (first startedLine, ok bool) {
	f, err := os.Open(l.journalPath(id))
	if err != nil {
		return first, false
	}
	defer f.Close()
	line, err := bufio.NewReader(f).ReadBytes('\n')
	return first, err == nil && json.Unmarshal(line, &first) == nil && first.Step == stepStarted && first.ID == id
}
