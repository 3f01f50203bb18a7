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
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/running"
)

// watchFolder is the folder of the watch lists. Unlike memory they are needed: without them nobody looks for workflows
// that wait for somebody who has left.
const watchFolder = ".watch"

// watchFile is a watch list as it is stored.
type watchFile struct {
	SavedAt time.Time         `json:"saved_at"`
	List    running.WatchList `json:"entries"`
}

// Watched returns the watch list of a company on a Procore host: who was removed from where and may still be waited
// for. It includes everybody whom the folder or the database has, so that nobody is forgotten of whom one of them did
// not learn. If one of them can't be read, that is the error, and the content of the other is returned all the same.
func (l *Ledger) Watched(ctx context.Context, company procore.CompanyID, host string) (running.WatchList, error) {
	lists, err := l.watchLists(ctx, company, host)
	return lists.all(), err
}

// ChangeWatched calls change with the watch list, and stores the result in the folder, whole or not at all, and in the
// database. What can't be read is never overwritten: a file is put aside, and a database keeps what it has until it can
// be read.
func (l *Ledger) ChangeWatched(ctx context.Context, company procore.CompanyID, host string, change func(running.WatchList) running.WatchList) error {
	lists, err := l.watchLists(ctx, company, host)
	list := change(lists.all())
	if err == nil && len(lists.read) == 0 && slices.Equal(list, lists.here.List) && (l.database == nil || slices.Equal(list, lists.there.List)) {
		return nil
	}
	f := watchFile{SavedAt: l.now().UTC(), List: list}
	err = errors.Join(err, l.keepWatchedHere(l.watchPath(company, host), f, lists))
	if lists.databaseUnread {
		return err
	}
	return errors.Join(err, l.onDatabase(func(d *database) error { return d.keepWatched(ctx, company, host, f) }))
}

// watchLists is everything there is of one watch list.
type watchLists struct {
	here, there    watchFile
	unread         bool        // here could not be read
	databaseUnread bool        // there could not be read
	aside          []watchFile // lists that were put aside and are readable now
	read           []string    // their paths
}

func (l *Ledger) watchLists(ctx context.Context, company procore.CompanyID, host string) (lists watchLists, err error) {
	path := l.watchPath(company, host)
	lists.here, err = readWatchFile(path)
	lists.unread = err != nil
	aside, asideErr := putAside(path)
	err = errors.Join(err, asideErr)
	for _, path := range aside {
		f, asideErr := readWatchFile(path)
		if asideErr == nil {
			lists.aside, lists.read = append(lists.aside, f), append(lists.read, path)
		}
		err = errors.Join(err, asideErr)
	}
	databaseErr := l.onDatabase(func(d *database) (err error) {
		lists.there, err = d.watched(ctx, company, host)
		return err
	})
	lists.databaseUnread = databaseErr != nil
	return lists, errors.Join(err, databaseErr)
}

func (w watchLists) all() running.WatchList {
	files := append([]watchFile{w.here, w.there}, w.aside...)
	slices.SortStableFunc(files, func(a, b watchFile) int { return a.SavedAt.Compare(b.SavedAt) })
	var list running.WatchList
	for _, f := range files {
		list = list.With(f.List)
	}
	return list
}

// unreadMark is part of the name of a watch list that could not be read and was put aside, for a person to look at and
// for runs that can read it again.
const unreadMark = ".unread-"

// putAside returns the paths of the files of a watch list that were put aside.
func putAside(path string) (paths []string, err error) {
	entries, err := os.ReadDir(filepath.Dir(path))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), filepath.Base(path)+unreadMark) {
			paths = append(paths, filepath.Join(filepath.Dir(path), e.Name()))
		}
	}
	return paths, err
}

// readWatchFile reads one file; it returns nothing if there is none.
func readWatchFile(path string) (f watchFile, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(unseal(text, farAway).content, &f)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return watchFile{}, nil
	case err != nil:
		return watchFile{}, fmt.Errorf("the watch list %s can't be read (%w): it is kept, and whoever is removed from now on is watched; "+
			"`assignee-sync running --person LOGIN` looks for one person everywhere; delete it once it is not needed", path, err)
	}
	return f, nil
}

func (l *Ledger) keepWatchedHere(path string, f watchFile, were watchLists) error {
	content, err := json.Marshal(f)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), folderMode)
	}
	if err == nil && were.unread {
		err = moveAside(path)
	}
	if err != nil {
		return fmt.Errorf("keep the watch list: %w", err)
	}
	err = writeWhole(filepath.Dir(path), filepath.Base(path), func(w io.Writer) error {
		_, err := w.Write(seal(content, digestOf(content), f.SavedAt))
		return err
	})
	if err != nil {
		return err
	}
	for _, path := range were.read {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// moveAside renames a file that can't be read.
func moveAside(path string) error {
	for n := 1; ; n++ {
		free := fmt.Sprintf("%s%s%d", path, unreadMark, n)
		if _, err := os.Lstat(free); errors.Is(err, fs.ErrNotExist) {
			return os.Rename(path, free)
		} else if err != nil {
			return err
		}
	}
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
