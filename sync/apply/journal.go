package apply

import (
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Journal records every write before it is sent and after it has ended. Its methods return only once the line is on
// disk; after an error nothing more is sent. Implementations must be safe for concurrent use.
type Journal interface {
	Intent(Intent) error
	Outcome(WriteOutcome) error
}

// Intent is what is about to be sent. There is one for each attempt.
type Intent struct {
	Time      time.Time            `json:"time"`
	Ref       procore.PresetRef    `json:"ref"`
	VersionID procore.VersionID    `json:"version_id"`
	Attempt   int                  `json:"attempt"` // from 1
	Before    []procore.Membership `json:"before"`  // the whole preset as just read
	Changed   []procore.GroupUUID  `json:"changed"` // the groups that this write changes
	Send      []procore.GroupWrite `json:"send"`    // the whole list
}

// WriteOutcome is how writing one preset ended. There is exactly one for each preset that had an intent, and for each
// that turned out to need no write or to have a conflict.
type WriteOutcome struct {
	Time       time.Time         `json:"time"`
	Ref        procore.PresetRef `json:"ref"`
	Status     sync.Status       `json:"status"` // applied, failed or conflict; not_attempted if it was announced but never sent
	HTTPStatus int               `json:"http_status,omitempty"`
	RequestID  string            `json:"request_id,omitempty"`
	Error      string            `json:"error,omitempty"`
	Group      string            `json:"group,omitempty"`      // the group that had moved, if it was a single one
	Wrote      bool              `json:"wrote,omitempty"`      // a write took effect, whatever the status is
	Unintended bool              `json:"unintended,omitempty"` // the preset changed in a way that was not meant
	Unknown    bool              `json:"unknown,omitempty"`    // it could not be found out whether the write took effect

	Left []procore.Membership `json:"left,omitempty"` // what the preset held afterwards, if that was not what was meant
}

// JournalFile is the content of a run's journal.
type JournalFile struct {
	Run      sync.Run       // of the line "started"
	Intents  []Intent       // in the order written
	Outcomes []WriteOutcome // in the order written; at most one for a preset
	Finished bool           // the run ended by itself or was closed
	Damaged  []int          // numbers, from 1, of lines that can't be read, not counting a last one that was cut off
}
