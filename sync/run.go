package sync

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"

	"procore-assignee-sync/procore"
)

// Run identifies a run and says who ran what.
type Run struct {
	ID      string            `json:"run_id"` // 20261123T020000Z-3f9a1c
	Company procore.CompanyID `json:"company_id"`
	// CompanyName is the company's name, if a project that was read gave it.
	CompanyName string    `json:"company_name,omitempty"`
	Host        string    `json:"host"` // of the Procore API
	Command     Command   `json:"command"`
	StartedAt   time.Time `json:"started_at"`
	FinishedAt  time.Time `json:"finished_at,omitzero"`
	By          string    `json:"by"` // user@machine
	PID         int       `json:"pid"`
	Version     string    `json:"version"`             // of assignee-sync
	HRSource    string    `json:"hr_source,omitempty"` // Roster.Key
	Filtered    bool      `json:"filtered,omitempty"`
	SavedPlan   bool      `json:"saved_plan,omitempty"`
	RollbackOf  string    `json:"rollback_of,omitempty"`
	Redoes      string    `json:"redoes,omitempty"`      // if RollbackOf is a rollback itself: the run whose changes are made again
	Approved    string    `json:"approved,omitempty"`    // digest given with --approve
	ApprovedBy  string    `json:"approved_by,omitempty"` // given with --approved-by
	Reason      string    `json:"reason,omitempty"`      // given with --reason
	Unattended  bool      `json:"unattended,omitempty"`  // nobody could be asked: there was no terminal
	Flags       string    `json:"flags,omitempty"`       // those that shaped the plan, as a shell takes them: "--env-file .env --mode additive"
}

// Command is what a run was asked to do: the word after assignee-sync.
type Command string

// The commands that leave a run, and check, which makes the same requests to Procore but leaves none.
const (
	CommandPlan     Command = "plan" // a dry run: it sends nothing
	CommandApply    Command = "apply"
	CommandRollback Command = "rollback"
	CommandHandover Command = "handover"
	CommandRespond  Command = "respond"
	CommandCheck    Command = "check"
)

// LeavesRun reports whether the command leaves a run in the ledger.
func (c Command) LeavesRun() bool {
	switch c {
	case CommandPlan, CommandApply, CommandRollback, CommandHandover, CommandRespond:
		return true
	default:
		return false
	}
}

// NewRunID returns the id of a run that starts now, in UTC, with six hex digits of rnd: 20261123T020000Z-3f9a1c. Ids
// sort by start. If rnd is nil, math/rand/v2 is used.
func NewRunID(now time.Time, rnd func() uint32) string {
	if rnd == nil {
		rnd = rand.Uint32
	}
	return fmt.Sprintf("%s-%06x", now.UTC().Format("20060102T150405Z"), rnd()&0xffffff)
}

var runID = regexp.MustCompile(`^\d{8}T\d{6}Z-[0-9a-f]{6}$`)

// IsRunID reports whether s has the form of a run's id, which makes it safe as a folder's name.
func IsRunID(s string) bool { return runID.MatchString(s) }
