package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/running"
)

// watchFolder holds the watch lists. They are no mere hints: without them nobody looks for workflows that wait for
// somebody who has left.
const watchFolder = ".watch"

// watchFile is a watch list as it is kept.
type watchFile struct {
	SavedAt time.Time         `json:"saved_at"`
	List    running.WatchList `json:"entries"`
}

// Watched returns the watch list of a company on a Procore host, the newer of the folder's and the database's: who was
// removed from where, and may still be waited for. Where one of them can't be read, that is the error, and the other is
// given all the same.
func (l *Ledger) Watched(ctx context.Context, company procore.CompanyID, host string) (running.WatchList, error) {
	here, err := l.watchedHere(company, host)
	databaseErr := l.onDatabase(func(d *database) error {
		there, err := d.watched(ctx, company, host)
		if there.SavedAt.After(here.SavedAt) {
			here = there
		}
		return err
	})
	return here.List, errors.Join(err, databaseErr)
}

func (l *Ledger) watchedHere(company procore.CompanyID, host string) (f watchFile, err error) {
	path := l.watchPath(company, host)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return watchFile{}, nil
	}
	if err == nil {
		err = json.Unmarshal(unseal(text, farAway).content, &f)
	}
	if err != nil {
		return watchFile{}, fmt.Errorf("the watch list %s can't be read (%w): whoever is removed from now on is watched again; "+
			"`assignee-sync running --person LOGIN` looks for one person everywhere", path, err)
	}
	return f, nil
}

// KeepWatched keeps the watch list in the folder, whole or not at all, and in the database.
func (l *Ledger) KeepWatched(ctx context.Context, company procore.CompanyID, host string, list running.WatchList) error {
	f := watchFile{SavedAt: l.now().UTC(), List: list}
	err := l.keepWatchedHere(l.watchPath(company, host), f)
	return errors.Join(err, l.onDatabase(func(d *database) error { return d.keepWatched(ctx, company, host, f) }))
}

func (l *Ledger) keepWatchedHere(path string, f watchFile) error {
	content, err := json.Marshal(f)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), folderMode)
	}
	if err != nil {
		return fmt.Errorf("keep the watch list: %w", err)
	}
	return writeWhole(filepath.Dir(path), filepath.Base(path), func(w io.Writer) error {
		_, err := w.Write(seal(content, digestOf(content), f.SavedAt))
		return err
	})
}

func (l *Ledger) watchPath(company procore.CompanyID, host string) string {
	return filepath.Join(l.folder.dir, watchFolder, key(company, host))
}

func (p *database) watched(ctx context.Context, company procore.CompanyID, host string) (f watchFile, err error) {
	err = p.read(ctx, func(ctx context.Context, tx pgx.Tx) error {
		var entries string
		err := tx.QueryRow(ctx, "select saved_at, entries::text from sync_watch where company_id = $1 and host = $2", string(company), host).
			Scan(&f.SavedAt, &entries)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err == nil {
			err = json.Unmarshal([]byte(entries), &f.List)
		}
		return err
	})
	if err != nil {
		return watchFile{}, fmt.Errorf("read the watch list from the ledger database: %w", err)
	}
	return f, nil
}

func (p *database) keepWatched(ctx context.Context, company procore.CompanyID, host string, f watchFile) error {
	entries, err := storableJSON(f.List)
	if err == nil {
		err = p.write(ctx, func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `insert into sync_watch (company_id, host, saved_at, entries) values ($1, $2, $3, $4)
				on conflict (company_id, host) do update set saved_at = excluded.saved_at, entries = excluded.entries`,
				string(company), host, f.SavedAt, entries)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("keep the watch list in the ledger database: %w", err)
	}
	return nil
}
