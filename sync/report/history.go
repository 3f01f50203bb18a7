package report

import (
	"encoding/json"
	"io"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

var historyColumns = []column[sync.PastChange]{
	{"time", func(_ sync.Run, p sync.PastChange) string { return p.At().UTC().Format(time.RFC3339) }},
	{"run_id", func(_ sync.Run, p sync.PastChange) string { return p.Run.ID }},
	{"command", func(_ sync.Run, p sync.PastChange) string { return string(p.Run.Command) }},
	{"outcome", func(_ sync.Run, p sync.PastChange) string { return string(p.Outcome) }},
	{"run_by", func(_ sync.Run, p sync.PastChange) string { return p.Run.By }},
	{"approved_by", func(_ sync.Run, p sync.PastChange) string { return p.Run.ApprovedBy }},
	{"approval_reason", func(_ sync.Run, p sync.PastChange) string { return p.Run.Reason }},
	{"rollback_of", func(_ sync.Run, p sync.PastChange) string { return p.Run.RollbackOf }},
	{"company_id", func(_ sync.Run, p sync.PastChange) string { return string(p.Run.Company) }},
	{"project_id", func(_ sync.Run, p sync.PastChange) string { return string(p.Change.Project) }},
	{"project_number", func(_ sync.Run, p sync.PastChange) string { return p.Change.ProjectNumber }},
	{"project_name", func(_ sync.Run, p sync.PastChange) string { return p.Change.ProjectName }},
	{"template_name", func(_ sync.Run, p sync.PastChange) string { return p.Change.TemplateName }},
	{"preset_id", func(_ sync.Run, p sync.PastChange) string { return string(p.Change.Preset) }},
	{"group_name", func(_ sync.Run, p sync.PastChange) string { return p.Change.GroupName }},
	{"action", func(_ sync.Run, p sync.PastChange) string { return string(p.Change.Action) }},
	{"login_id", func(_ sync.Run, p sync.PastChange) string { return string(p.Change.LoginID) }},
	{"login", func(_ sync.Run, p sync.PastChange) string { return p.Change.Login }},
	{"person_name", func(_ sync.Run, p sync.PastChange) string { return p.Change.PersonName }},
	{"employee_id", func(_ sync.Run, p sync.PastChange) string { return p.Change.EmployeeID }},
	{"reason", func(_ sync.Run, p sync.PastChange) string { return p.Change.Reason.String() }},
	{"source", func(_ sync.Run, p sync.PastChange) string { return p.Change.Source.String() }},
	{"status", func(_ sync.Run, p sync.PastChange) string { return string(p.Change.Status) }},
	{"request_id", func(_ sync.Run, p sync.PastChange) string { return p.Change.RequestID }},
	{"error", func(_ sync.Run, p sync.PastChange) string { return p.Change.Error }},
}

// HistoryCSV writes a history as CSV: a header, then one row for each change. Cells are neutralised as in ChangesCSV.
func HistoryCSV(w io.Writer, list []sync.PastChange) error {
	return writeCSV(w, "history", historyColumns, sync.Run{}, list)
}

// pastChangeJSON is one change of a history as JSON.
type pastChangeJSON struct {
	Time       time.Time         `json:"time"`
	RunID      string            `json:"run_id"`
	Company    procore.CompanyID `json:"company_id"`
	Command    sync.Command      `json:"command"`
	Outcome    sync.Outcome      `json:"outcome,omitempty"`
	RunBy      string            `json:"run_by"`
	Approved   string            `json:"approved,omitempty"`
	ApprovedBy string            `json:"approved_by,omitempty"`
	Reason     string            `json:"approval_reason,omitempty"`
	RollbackOf string            `json:"rollback_of,omitempty"`
	Change     sync.Change       `json:"change"`
}

// HistoryJSON writes a history as a JSON list.
func HistoryJSON(w io.Writer, list []sync.PastChange) error {
	out := make([]pastChangeJSON, 0, len(list))
	for _, p := range list {
		out = append(out, pastChangeJSON{
			Time: p.At().UTC(), RunID: p.Run.ID, Company: p.Run.Company, Command: p.Run.Command, Outcome: p.Outcome, RunBy: p.Run.By,
			Approved: p.Run.Approved, ApprovedBy: p.Run.ApprovedBy, Reason: p.Run.Reason, RollbackOf: p.Run.RollbackOf, Change: p.Change,
		})
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
