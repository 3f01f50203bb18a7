package apply

import (
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Journal is told of every write before it is sent and after it ended. Implementations return only once the line is
// on disk; after an error nothing more is sent. Safe for concurrent use.
type Journal interface {
	Intent(Intent) error
	Outcome(WriteOutcome) error
}

// Intent says what is about to be sent. One for each attempt.
type Intent struct {
	Time      time.Time            `json:"time"`
	Ref       procore.PresetRef    `json:"ref"`
	VersionID procore.VersionID    `json:"version_id"`
	Attempt   int                  `json:"attempt"` // from 1
	Before    []procore.Membership `json:"before"`  // the whole preset as just read
	Changed   []procore.GroupUUID  `json:"changed"` // the groups that this write changes
	Send      []procore.GroupWrite `json:"send"`    // the whole list
}

// WriteOutcome says how the writing of one preset ended. Exactly one for each preset that had an intent, and for each
// that turned out to need no write, or to be in the way of one.
type WriteOutcome struct {
	Time       time.Time         `json:"time"`
	Ref        procore.PresetRef `json:"ref"`
	Status     sync.Status       `json:"status"` // applied, failed or conflict; not_attempted: announced, yet never sent
	HTTPStatus int               `json:"http_status,omitempty"`
	RequestID  string            `json:"request_id,omitempty"`
	Error      string            `json:"error,omitempty"`
	Group      string            `json:"group,omitempty"`      // the one group that was in the way, where it was one
	Wrote      bool              `json:"wrote,omitempty"`      // a write took effect, whatever the status says of it
	Unintended bool              `json:"unintended,omitempty"` // the preset changed in a way that was not meant
	Unknown    bool              `json:"unknown,omitempty"`    // whether the write took effect could not be learned

	Left []procore.Membership `json:"left,omitempty"` // what the preset held afterwards, where that was not meant
}

// JournalFile is what a run's journal says, read back.
type JournalFile struct {
	Run      sync.Run       // of the line "started"
	Intents  []Intent       // in the order written
	Outcomes []WriteOutcome // in the order written; at most one for a preset
	Finished bool           // the run ended by itself, or was closed
	Damaged  []int          // lines, from 1, that can't be read, other than a last one that was cut off
}
