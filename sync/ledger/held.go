package ledger

import (
	"fmt"
	"time"

	"procore-assignee-sync/procore"
)

// Holder is the run that holds a lock.
type Holder struct {
	Host    string            `json:"host"` // the machine
	PID     int               `json:"pid"`
	RunID   string            `json:"run_id"`
	Since   time.Time         `json:"since"`
	Company procore.CompanyID `json:"company_id"`
}

// HeldError says that another run holds the lock. Its Holder is zero where the lock does not say who.
type HeldError struct{ Holder }

func (e *HeldError) Error() string {
	if e.RunID == "" {
		return "another run holds the lock; wait until it has ended"
	}
	return fmt.Sprintf("run %s holds the lock since %s (pid %d on %s); wait until it has ended",
		e.RunID, e.Since.UTC().Format(time.RFC3339), e.PID, e.Host)
}
