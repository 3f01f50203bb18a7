package running

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Plan is who is to be invited to which running workflow: pure data, sorted, and the same for the same findings.
type Plan struct {
	Company procore.CompanyID
	Host    string
	Max     int // SYNC_MAX_HANDOVERS
	Items   []Handover
	// Refused says that there are more than Max: nobody is invited unless exactly this plan is approved.
	Refused bool
	Digest  string // what someone approves, in hex
}

// Handover is one leaver on one step of one workflow, and those who are to be invited there.
type Handover struct {
	Ref      procore.InstanceRef      `json:"ref"`
	Step     procore.StepOccurrenceID `json:"step"`
	Person   procore.LoginID          `json:"person"`
	Required bool                     `json:"required"`
	Reason   string                   `json:"reason"`
	Invite   []procore.LoginID        `json:"invite"`
}

func refOf(w sync.Waiting) procore.InstanceRef {
	return procore.InstanceRef{Project: w.Project, Instance: w.Instance}
}

// Named is who is invited because somebody named them.
type Named struct {
	Who procore.Login
	// Everywhere is set where they are to take every place, as for one leaver, rather than those alone that nobody would be
	// invited to.
	Everywhere bool
}

// takes reports whether they are invited to the row's workflow.
func (n *Named) takes(row sync.Waiting) bool {
	return n != nil && (n.Everywhere || len(row.Successors) == 0)
}

// PlanHandover plans an invitation for everybody who waits and has a successor who is not on the step yet. Where to is
// given, it is invited instead of the successors, and nobody else is invited at all. The rows of those become planned.
func PlanHandover(company procore.CompanyID, host string, waiting []sync.Waiting, to *Named, most int) (*Plan, []sync.Waiting) {
	rows := slices.Clone(waiting)
	p := &Plan{Company: company, Host: host, Max: most}
	for i := range rows {
		row := &rows[i]
		if row.State != sync.Waits {
			continue
		}
		if to != nil && !to.takes(*row) {
			continue
		}
		if to != nil {
			row.Successors, row.OnStep, row.Error = []procore.Login{to.Who}, false, ""
		}
		if len(row.Successors) == 0 || row.OnStep {
			continue
		}
		row.State = sync.WaitPlanned
		h := Handover{Ref: refOf(*row), Step: row.Step, Person: row.Person.ID, Required: row.Required, Reason: row.Reason}
		for _, who := range row.Successors {
			h.Invite = append(h.Invite, who.ID)
		}
		p.Items = append(p.Items, h)
	}
	p.Refused = len(p.Items) > most
	p.Digest = p.digest()
	return p, rows
}

// NotAttempted returns the rows with those that were planned as not attempted, and why.
func NotAttempted(rows []sync.Waiting, why string) []sync.Waiting {
	rows = slices.Clone(rows)
	for i := range rows {
		if rows[i].State == sync.WaitPlanned {
			rows[i].State, rows[i].Error = sync.WaitNotAttempted, why
		}
	}
	return rows
}

// Figure says what the limit counted, for a person.
func (p *Plan) Figure() string {
	return fmt.Sprintf("%d hand-overs are wanted, at most %d are allowed (SYNC_MAX_HANDOVERS)", len(p.Items), p.Max)
}

// digest is the sha256 over what someone approves: company, host, limit and every hand-over, not over times or names.
func (p *Plan) digest() string {
	// Text and numbers always encode.
	text, _ := json.Marshal([]any{"assignee-sync hand-over 1", p.Company, p.Host, p.Max, p.Refused, p.Items})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
