package ledger

import (
	"time"

	"procore-assignee-sync/sync"
)

// Folder is the folder of the run that is going on.
type Folder struct{}

// Dir is the folder's path.
func (f *Folder) Dir() string { return "" }

// Journal is where Apply tells what it is about to do and what came of it.
func (f *Folder) Journal() *Journal { return &Journal{} }

// WritePlan writes plan.json, whole or not at all.
func (f *Folder) WritePlan(p sync.PlanFile) error { return nil }

// Finish writes changes.csv, exceptions.csv, summary.json and report.html, each whole or not at all, then the journal's
// line "finished", and closes the journal.
func (f *Folder) Finish(rec sync.Record) error { return nil }

// Journal is a run's journal.jsonl. It is safe for concurrent use.
type Journal struct{}

// Intent writes what is about to be sent.
func (j *Journal) Intent(i sync.Intent) error { return nil }

// Outcome writes how the writing of a preset ended.
func (j *Journal) Outcome(o sync.WriteOutcome) error { return nil }

// Finished writes that the run has ended. Finish does so by itself.
func (j *Journal) Finished(at time.Time, outcome sync.Outcome, exitCode int) error { return nil }
