// Package ledger keeps what runs leave behind: a folder for each run with its plan, its journal and its reports, and
// the same in Postgres if the settings name a database. It also holds the lock that lets one run at a time write, what
// a run compares itself with, and the evidence that nothing has been altered since.
//
// A run's folder appears whole, with a journal whose first line is on disk, and every other file in it is written whole
// or not at all. Only the journal grows: whatever happens to the process or the disk, its lines can be read up to a
// last one that is cut off. What the database is missing is copied there by the next run that holds the lock.
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
	DatabaseURL string           // LEDGER_DATABASE_URL; empty means no database
	KeepDays    int              // LEDGER_KEEP_DAYS: older runs are deleted; 0 means never
	Log         *slog.Logger     // for problems that do not stop the run and that a later run puts right; nil means no logging
	Now         func() time.Time // nil means time.Now
}

// Ledger is where runs are kept: a folder and, if one is set, a database. It is safe for concurrent use.
type Ledger struct {
	folder   *folder
	database *database // nil if there is none
	keepDays int
	log      *slog.Logger
	now      func() time.Time
}

// Open opens the ledger that the options name. It writes nothing, and the folder need not exist yet. It is an error if
// something else is in the folder's place, if the folder can't be looked at, or if the database can't be used; in the
// last case the error is a *pgdial.Error, a *NotMigratedError or a *migrations.NewerError.
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

// ExitCode returns sync.ExitConfig.
func (e *FolderError) ExitCode() int { return sync.ExitConfig }

// Unwrap returns the cause.
func (e *FolderError) Unwrap() error { return e.err }

// Close releases the locks that are still held.
func (l *Ledger) Close() error {
	if l.database == nil {
		return nil
	}
	return l.database.close()
}

// Place returns where the runs are, for people: the folder as it was given, and the database.
func (l *Ledger) Place() string {
	if l.database == nil {
		return l.folder.dir
	}
	return l.folder.dir + " and in the ledger database " + l.database.place()
}

// CanWrite returns why no run could be kept in the folder, or nil if one could. It writes nothing: it checks whether
// the folder, or the nearest existing one above it, is writable.
func (l *Ledger) CanWrite() error { return l.folder.canWrite() }

// CanWriteDatabase returns why no run could be kept in the database, or nil if one could or there is no database. It
// writes nothing.
func (l *Ledger) CanWriteDatabase(ctx context.Context) error {
	return l.onDatabase(func(d *database) error { return d.canWrite(ctx) })
}

// Prepare creates the folder, and returns an error if no run can be kept in it.
func (l *Ledger) Prepare() error { return l.folder.prepare() }

// Cache returns the folder for what is remembered about a company on a host. It need not exist.
func (l *Ledger) Cache(company procore.CompanyID, host string) string {
	return l.folder.cache(company, host)
}

// Lock takes the lock of a company on a Procore host: that of the folder and, if there is a database, one that holds
// across machines. It never waits: if another run holds it, the error is a *HeldError. release may be called more than
// once, and returns an error if the lock was lost in the meantime.
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

// onDatabase calls do with the database, if there is one.
func (l *Ledger) onDatabase(do func(*database) error) error {
	if l.database == nil {
		return nil
	}
	return do(l.database)
}

// warn logs a problem that does not stop the run.
func (l *Ledger) warn(what string, err error) {
	if err != nil {
		l.log.Warn(what, "error", err)
	}
}
