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

// Plan says who is to be invited to which running workflow. It is pure data, sorted, and the same for the same
// findings.
type Plan struct {
	Company procore.CompanyID
	Host    string
	Max     int // SYNC_MAX_HANDOVERS
	Items   []Handover
	// Refused is set if there are more than Max: nobody is invited unless exactly this plan is approved.
	Refused bool
	Digest  string // what is approved, in hex
}

// Handover is one leaver on one step of one workflow, and the people to be invited there.
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

// Named is a person who is invited because somebody named them.
type Named struct {
	Who procore.Login
	// Everywhere is set if they are to take every place, as when one leaver is given, rather than only those for which
	// there is no successor.
	Everywhere bool
}

// takes reports whether they are invited to the row's workflow.
func (n *Named) takes(row sync.Waiting) bool {
	return n != nil && (n.Everywhere || len(row.Successors) == 0)
}

// PlanHandover plans an invitation for everybody for whom a workflow waits and who has a successor not yet on the step.
// If to is given, that person is invited instead of the successors, and nobody else is invited at all. The rows
// concerned become planned.
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

// NotAttempted returns the rows with the planned ones marked as not attempted, and why.
func NotAttempted(rows []sync.Waiting, why string) []sync.Waiting {
	rows = slices.Clone(rows)
	for i := range rows {
		if rows[i].State == sync.WaitPlanned {
			rows[i].State, rows[i].Error = sync.WaitNotAttempted, why
		}
	}
	return rows
}

// Figure says what the limit counted, for people.
func (p *Plan) Figure() string {
	return fmt.Sprintf("%d hand-overs are wanted, at most %d are allowed (SYNC_MAX_HANDOVERS)", len(p.Items), p.Max)
}

// digest returns the sha256 over what is approved: company, host, limit and every hand-over, but no times or names.
func (p *Plan) digest() string {
	// Encoding text and numbers never fails.
	text, _ := json.Marshal([]any{"assignee-sync hand-over 1", p.Company, p.Host, p.Max, p.Refused, p.Items})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
