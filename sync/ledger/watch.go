package ledger

import (
	"fmt"
	"os"
	"path/filepath"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync/running"
)

// watchFolder holds the watch lists. They are no mere hints: without them nobody looks for workflows that wait for
// somebody who has left.
const watchFolder = ".watch"

// Watched returns the watch list of a company on a Procore host: who was removed from where, and may still be waited
// for. It is an error where there is one that can't be read.
func (l *Ledger) Watched(company procore.CompanyID, host string) (running.WatchList, error) {
	name := key(company, host) + ".json"
	m := l.watchMemory()
	var list running.WatchList
	if m.read(name, &list) {
		return list, nil
	}
	if _, err := os.Stat(filepath.Join(m.dir, name)); os.IsNotExist(err) {
		return nil, nil
	}
	return nil, fmt.Errorf("the watch list %s is damaged: who is waited for is known again of whoever is removed from now on; "+
		"`assignee-sync running --person LOGIN` looks for one person everywhere", filepath.Join(m.dir, name))
}

// KeepWatched keeps the watch list, whole or not at all.
func (l *Ledger) KeepWatched(company procore.CompanyID, host string, list running.WatchList) error {
	return l.watchMemory().write(key(company, host)+".json", list)
}

func (l *Ledger) watchMemory() *Memory { return &Memory{dir: filepath.Join(l.folder.dir, watchFolder)} }
