// Package ledger keeps what runs leave behind: a folder for each run with its plan, its journal and its reports, and the
// same in Postgres where the settings name a database; the lock that lets one run at a time write; what a run compares
// itself with; and the evidence that nothing of it was altered since.
//
// A run's folder appears whole, with a journal whose first line is on disk, and every other file in it is written
// whole or not at all. Only the journal grows: whatever happens to the process or the disk, its lines up to a last one
// that is cut off can be read. What the database did not get is brought there by the next run that holds the lock.
package ledger

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Options say where a ledger is.
type Options struct {
	Dir         string           // LEDGER_DIR
	DatabaseURL string           // LEDGER_DATABASE_URL; empty: there is no database
	KeepDays    int              // LEDGER_KEEP_DAYS: older runs are deleted; 0: none is
	Log         *slog.Logger     // of what goes wrong beside, and is mended by a later run; nil: discarded
	Now         func() time.Time // nil: time.Now
}

// Ledger is where runs are kept: a folder and, where one is set, a database. It is safe for concurrent use.
type Ledger struct {
	folder   *folder
	database *database // nil: there is none
	keepDays int
	log      *slog.Logger
	now      func() time.Time
}

// Open takes the ledger that the options name. Nothing is written, and the folder need not exist yet. It is an error
// where the folder's place is taken by something else or can't be looked at, or where the database can't be used: a
// *pgdial.Error, a *NotMigratedError or a *migrations.NewerError then.
func Open(ctx context.Context, o Options) (*Ledger, error) {
	f, err := openFolder(o.Dir)
	if err != nil {
		return nil, &FolderError{err}
	}
	l := &Ledger{folder: f, keepDays: o.KeepDays, log: o.Log, now: o.Now}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if l.now == nil {
		l.now = time.Now
	}
	f.now = l.now
	if o.DatabaseURL == "" {
		return l, nil
	}
	l.database, err = openDatabase(ctx, o.DatabaseURL)
	return l, err
}

// FolderError says that LEDGER_DIR can't be used.
type FolderError struct{ err error }

func (e *FolderError) Error() string { return e.err.Error() }

// ExitCode is that of wrong configuration.
func (e *FolderError) ExitCode() int { return sync.ExitConfig }

// Unwrap returns the cause.
func (e *FolderError) Unwrap() error { return e.err }

// Close frees the locks that are still held.
func (l *Ledger) Close() error {
	if l.database == nil {
		return nil
	}
	return l.database.close()
}

// Place says where the runs are, for people: the folder as it was given, and the database.
func (l *Ledger) Place() string {
	if l.database == nil {
		return l.folder.dir
	}
	return l.folder.dir + " and in the ledger database " + l.database.place()
}

// CanWrite reports why no run could be kept, without writing anything: whether the folder, or the nearest one above it
// that is there, may be written to.
func (l *Ledger) CanWrite() error { return l.folder.canWrite() }

// CanWriteDatabase reports why no run could be kept in the database, without writing anything: nil where there is none.
func (l *Ledger) CanWriteDatabase(ctx context.Context) error {
	return l.onDatabase(func(d *database) error { return d.canWrite(ctx) })
}

// Prepare makes the folder and reports why no run could be kept in it.
func (l *Ledger) Prepare() error { return l.folder.prepare() }

// Cache is the folder for what is remembered of a company on a host. It need not exist.
func (l *Ledger) Cache(company procore.CompanyID, host string) string {
	return l.folder.cache(company, host)
}

// Lock takes the lock of a company on a Procore host: that of the folder and, where there is a database, one that holds
// across machines. It never waits: where another run holds it, the error is a *HeldError. release may be called more than
// once, and says so where the lock was lost meanwhile.
func (l *Ledger) Lock(ctx context.Context, company procore.CompanyID, host string, h Holder) (release func() error, err error) {
	unlockFolder, err := l.folder.lock(company, host, h)
	if err != nil || l.database == nil {
		return unlockFolder, err
	}
	unlockDatabase, err := l.database.lock(ctx, company, host, h)
	if err != nil {
		return nil, errors.Join(err, unlockFolder())
	}
	return func() error { return errors.Join(unlockDatabase(), unlockFolder()) }, nil
}

// onDatabase does something with the database, where there is one.
func (l *Ledger) onDatabase(do func(*database) error) error {
	if l.database == nil {
		return nil
	}
	return do(l.database)
}

// warn tells what went wrong beside.
func (l *Ledger) warn(what string, err error) {
	if err != nil {
		l.log.Warn(what, "error", err)
	}
}
