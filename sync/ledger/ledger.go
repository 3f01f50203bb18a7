// Package ledger keeps what runs leave behind: a folder for each run, a lock, and what later runs compare themselves
// with.
package ledger

import (
	"context"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Ledger is a folder of runs.
type Ledger struct{ dir string }

// Open takes the folder of runs at dir. Nothing is written, and it need not exist yet: Create and Lock make it.
func Open(dir string) (*Ledger, error) { return &Ledger{dir: dir}, nil }

// Lock takes the file lock of a company on a Procore host. Held by another run: *HeldError.
func (l *Ledger) Lock(company procore.CompanyID, host string, h Holder) (release func() error, err error) {
	return func() error { return nil }, nil
}

// Create makes the run's folder, with a journal whose line "started" is on disk.
func (l *Ledger) Create(run sync.Run) (*Folder, error) { return &Folder{}, nil }

// Baseline gives the last passed run of the company and host, and the last that read this HR source.
func (l *Ledger) Baseline(company procore.CompanyID, host, sourceKey string) (sync.Baseline, error) {
	return sync.Baseline{}, nil
}

// Filter narrows a list of runs. Zero fields let everything through.
type Filter struct {
	Company procore.CompanyID
	Host    string
	Limit   int // how many at most
}

// Runs lists runs, newest first. One that has not finished has an empty Outcome.
func (l *Ledger) Runs(f Filter) ([]sync.Summary, error) { return nil, nil }

// PastRun is a run as its folder shows it.
type PastRun struct {
	Summary    sync.Summary
	Plan       *sync.PlanFile // nil where the run had none, or it can't be read
	Steps      sync.JournalFile
	Changes    []sync.Change
	Exceptions []sync.Exception
}

// Load reads one run. Where there is none: an error for which errors.Is(err, fs.ErrNotExist) holds.
func (l *Ledger) Load(runID string) (*PastRun, error) { return nil, nil }

// Interrupted lists the runs of the company and host that have neither finished nor been closed, oldest first. Hold the
// lock: without it a run that is going on is listed too. Runs that this Ledger created are left out.
func (l *Ledger) Interrupted(company procore.CompanyID, host string) ([]sync.Run, error) {
	return nil, nil
}

// CloseInterrupted accounts for every change of a run that was killed, and finishes it as interrupted. look reads a
// preset whose fate the journal leaves open; nil: it stays open. Closing twice changes nothing.
func (l *Ledger) CloseInterrupted(ctx context.Context, run sync.Run,
	look func(context.Context, procore.PresetRef) (procore.Preset, error)) (sync.Record, error) {
	return sync.Record{}, nil
}

// Prune deletes the folders of runs that started more than keepDays days before now, but never one that a later run
// needs. Zero keepDays keeps all.
func (l *Ledger) Prune(keepDays int, now time.Time) error { return nil }

// Cache is the folder for hints of where to look, of this company and host. It need not exist.
func (l *Ledger) Cache(company procore.CompanyID, host string) string { return "" }
