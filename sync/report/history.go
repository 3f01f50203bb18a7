package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// HistoryText writes what happened to a person or in a project, in the order in which it happened: when, what, where, how
// it went, why, by which run and on whose word. About says whose history it is.
func HistoryText(w io.Writer, about string, list []sync.PastChange) error {
	var b strings.Builder
	runs := map[string]bool{}
	for _, p := range list {
		runs[p.Run.ID] = true
		writePastChange(&b, p)
	}
	if len(list) == 0 {
		fmt.Fprintf(&b, "nothing is known of %s\n", Clean(about))
	} else {
		fmt.Fprintf(&b, "\n%s: %s in %s\n", Clean(about), sync.Several(len(list), "change"), sync.Several(len(runs), "run"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writePastChange(b *strings.Builder, p sync.PastChange) {
	c := p.Change
	fmt.Fprintf(b, "%s  %s %s %s of %s, %s\n", moment(p.At()), Clean(cmp.Or(c.Login, string(c.LoginID))), happened(c),
		Clean(c.GroupName), Clean(c.TemplateName), placeOf(c))
	why := Clean(c.Reason)
	if c.Source != "" {
		why += " (" + Clean(c.Source) + ")"
	}
	fmt.Fprintf(b, "    why: %s\n    by:  %s\n", why, Clean(onWhoseWord(p.Run)))
	if c.Error != "" {
		fmt.Fprintf(b, "    but: %s\n", Clean(c.Error))
	}
}

// happened says what became of a change: "added to", "not removed from (failed)".
func happened(c sync.Change) string {
	verb, preposition := "added", "to"
	if c.Action == sync.Remove {
		verb, preposition = "removed", "from"
	}
	switch {
	case c.AlreadySo:
		return fmt.Sprintf("%s already, %s", verb, preposition)
	case c.Status == sync.Applied:
		return verb + " " + preposition
	case c.Status == sync.Failed: // it may have taken effect: the error says what is known
		return "failed to be " + verb + " " + preposition
	default:
		return fmt.Sprintf("not %s (%s) %s", verb, strings.ReplaceAll(string(c.Status), "_", " "), preposition)
	}
}

func placeOf(c sync.Change) string {
	if c.Project == "" {
		return "the company"
	}
	return Clean(cmp.Or(strings.TrimSpace(c.ProjectNumber+" "+c.ProjectName), string(c.Project)))
}

// onWhoseWord says which run it was, who ran it, and who approved it and why, where that was said.
func onWhoseWord(run sync.Run) string {
	line := fmt.Sprintf("run %s, %s by %s", run.ID, run.Command, run.By)
	if run.RollbackOf != "" {
		line += ", undoing run " + run.RollbackOf
	}
	if run.Approved != "" {
		line += ", approved by " + cmp.Or(run.ApprovedBy, sync.NotGiven)
	}
	if run.Reason != "" && run.Reason != sync.NotGiven {
		line += ": " + run.Reason
	}
	return line
}

var historyColumns = []column[sync.PastChange]{
	{"time", func(_ sync.Run, p sync.PastChange) string { return p.At().UTC().Format(time.RFC3339) }},
	{"run_id", func(_ sync.Run, p sync.PastChange) string { return p.Run.ID }},
	{"command", func(_ sync.Run, p sync.PastChange) string { return p.Run.Command }},
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
	{"reason", func(_ sync.Run, p sync.PastChange) string { return p.Change.Reason }},
	{"source", func(_ sync.Run, p sync.PastChange) string { return p.Change.Source }},
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
	Command    string            `json:"command"`
	Outcome    sync.Outcome      `json:"outcome,omitempty"`
	RunBy      string            `json:"run_by"`
	Approved   string            `json:"approved,omitempty"`
	ApprovedBy string            `json:"approved_by,omitempty"`
	Reason     string            `json:"approval_reason,omitempty"`
	RollbackOf string            `json:"rollback_of,omitempty"`
	Change     sync.Change       `json:"change"`
}

// HistoryJSON writes a history as a list of JSON.
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
