package ledger

import (
	"encoding/json"
	"fmt"
	"io"
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
	path := filepath.Join(l.watchDir(), watchName(company, host))
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	var kept watched
	var list running.WatchList
	if err == nil && json.Unmarshal(text, &kept) == nil && kept.SHA256 == digestOf(kept.Content) && json.Unmarshal(kept.Content, &list) == nil {
		return list, nil
	}
	return nil, fmt.Errorf("the watch list %s is damaged: who is waited for is known again of whoever is removed from now on; "+
		"`assignee-sync running --person LOGIN` looks for one person everywhere", path)
}

// watched is a watch list as it is kept, with the sha256 by which damage shows.
type watched struct {
	SHA256  string          `json:"sha256"`
	Content json.RawMessage `json:"content"`
}

// KeepWatched keeps the watch list, whole or not at all.
func (l *Ledger) KeepWatched(company procore.CompanyID, host string, list running.WatchList) error {
	content, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(l.watchDir(), folderMode); err != nil {
		return err
	}
	return writeWhole(l.watchDir(), watchName(company, host), func(w io.Writer) error {
		return json.NewEncoder(w).Encode(watched{digestOf(content), content})
	})
}

func (l *Ledger) watchDir() string { return filepath.Join(l.folder.dir, watchFolder) }

func watchName(company procore.CompanyID, host string) string { return key(company, host) + ".json" }
