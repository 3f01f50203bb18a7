package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// runFolder is the folder of a run in progress.
type runFolder struct {
	in      *folder
	runID   string
	dir     string
	journal *Journal // create has written its line "started", and finish writes "finished"
}

// Folders with these prefixes are not runs: they are being created or deleted.
const (
	newPrefix = ".new-"
	oldPrefix = ".old-"
)

// create creates the run's folder, with a journal whose line "started" is on disk. The folder gets its name only then.
func (l *folder) create(run sync.Run) (*runFolder, error) {
	if !sync.IsRunID(run.ID) {
		return nil, fmt.Errorf("%q is not a run's id", run.ID)
	}
	if err := os.MkdirAll(l.dir, folderMode); err != nil {
		return nil, err
	}
	f := &runFolder{in: l, runID: run.ID, dir: l.path(run.ID)}
	if _, err := os.Lstat(f.dir); !errors.Is(err, os.ErrNotExist) {
		return nil, errors.Join(fmt.Errorf("the folder %s exists already", f.dir), err)
	}
	unnamed := filepath.Join(l.dir, newPrefix+run.ID)
	if err := os.Mkdir(unnamed, folderMode); err != nil {
		return nil, err
	}
	l.begun(run.ID)
	if err := f.begin(unnamed, run); err != nil {
		l.ended(run.ID)
		return nil, errors.Join(err, os.RemoveAll(unnamed))
	}
	return f, nil
}

// begin starts the journal in a folder with a temporary name, renames the folder, and reopens the journal there.
func (f *runFolder) begin(unnamed string, run sync.Run) error {
	first, err := newJournal(filepath.Join(unnamed, journalFile))
	if err != nil {
		return err
	}
	if err := errors.Join(first.started(run), syncFolder(unnamed), first.close()); err != nil {
		return err
	}
	if err := errors.Join(os.Rename(unnamed, f.dir), syncFolder(f.in.dir)); err != nil {
		return err
	}
	f.journal, err = reopenJournal(filepath.Join(f.dir, journalFile), first.size)
	return err
}

// writePlan writes plan.json, whole or not at all, with its schema and checksum. It must be called before the apply,
// since a killed run is accounted for from its plan.
func (f *runFolder) writePlan(p sync.PlanFile) error {
	return writeWhole(f.dir, planFile, func(w io.Writer) error { return sync.WritePlanFile(w, p) })
}

// finish writes the reports and the summary, each whole or not at all, then the journal's line "finished", and closes
// the journal. If a file can't be written it leaves out that line, so that the next run finds this one interrupted and
// completes it.
func (f *runFolder) finish(rec sync.Record) error {
	defer f.in.ended(f.runID)
	err := writeReports(f.dir, rec)
	if err == nil {
		err = f.journal.finished(rec.Run.FinishedAt, rec.Summary.Outcome, rec.Summary.ExitCode)
	}
	return errors.Join(err, f.journal.close())
}

// writeReports writes the files for people and for later runs. The summary comes last: if it is there, all of them are.
func writeReports(dir string, rec sync.Record) error {
	type file struct {
		name  string
		write func(io.Writer) error
	}
	var files []file
	if rec.Waiting != nil {
		files = append(files, file{runningFile, func(w io.Writer) error { return report.RunningCSV(w, rec) }})
	}
	if rec.Access != nil {
		files = append(files, file{accessFile, func(w io.Writer) error { return report.AccessCSV(w, rec) }})
	}
	files = append(files, []file{
		{changesFile, func(w io.Writer) error { return report.ChangesCSV(w, rec) }},
		{exceptionsFile, func(w io.Writer) error { return report.ExceptionsCSV(w, rec) }},
		{sourcesFile, func(w io.Writer) error { return report.SourcesCSV(w, rec) }},
		{reportFile, func(w io.Writer) error { return report.HTML(w, rec) }},
		{workbookFile, func(w io.Writer) error { return report.XLSX(w, rec) }},
		{summaryFile, func(w io.Writer) error { return writeSummary(w, rec.Summary) }},
	}...)
	var errs []error
	for _, file := range files {
		if file.name == summaryFile && len(errs) > 0 {
			break
		}
		if err := writeWhole(dir, file.name, file.write); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func writeSummary(w io.Writer, s sync.Summary) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(s)
}

// maxPlanFile bounds how much of a saved plan is read, in bytes.
const maxPlanFile = 1 << 30

// SavePlan writes a run's plan to a file, whole or not at all. The file names people, so only the user can read it.
func SavePlan(path string, rec sync.Record) error {
	file := sync.PlanFile{RunID: rec.Run.ID, CreatedAt: rec.Run.StartedAt, Plan: rec.Plan}
	err := writeWhole(filepath.Dir(path), filepath.Base(path), func(w io.Writer) error { return sync.WritePlanFile(w, file) })
	if err != nil {
		return fmt.Errorf("save the plan: %w", err)
	}
	return nil
}

// LoadPlan reads a saved plan. If it is damaged, the error is a *sync.PlanFileError.
func LoadPlan(path string) (*sync.PlanFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the saved plan: %w", err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxPlanFile))
	if err != nil {
		return nil, fmt.Errorf("the saved plan: %w", err)
	}
	plan, err := sync.DecodePlanFile(content)
	if err != nil {
		return nil, fmt.Errorf("the saved plan %s: %w", path, err)
	}
	return plan, nil
}

// writeWhole writes a file under a temporary name, syncs it and renames it, so that a reader sees the old file, the new
// one or none, but never part of one, even after a power cut.
func writeWhole(dir, name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(dir, "."+name+".*") // 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()           // closed already, or no longer needed
			_ = os.Remove(f.Name()) // a leftover does no harm
			err = fmt.Errorf("write %s: %w", name, err)
		}
	}()
	if err := write(f); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), filepath.Join(dir, name)); err != nil {
		return err
	}
	return syncFolder(dir)
}
