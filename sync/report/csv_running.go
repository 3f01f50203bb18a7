package report

import (
	"io"
	"strconv"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// RunningCSV writes running.csv: a header, then one row for each person and running workflow that is waiting for them,
// longest wait first. Times are RFC 3339 in UTC. Cells are neutralised as in ChangesCSV.
func RunningCSV(w io.Writer, rec sync.Record) error {
	return writeCSV(w, "running workflows", runningColumns, rec.Run, rec.Waiting)
}

var runningColumns = []column[sync.Waiting]{
	{"run_id", func(r sync.Run, _ sync.Waiting) string { return r.ID }},
	{"instance_id", func(_ sync.Run, w sync.Waiting) string { return string(w.Instance) }},
	{"item_id", func(_ sync.Run, w sync.Waiting) string { return string(w.Item) }},
	{"project_id", func(_ sync.Run, w sync.Waiting) string { return string(w.Project) }},
	{"project_number", func(_ sync.Run, w sync.Waiting) string { return w.ProjectNumber }},
	{"project_name", func(_ sync.Run, w sync.Waiting) string { return w.ProjectName }},
	{"tool_type", func(_ sync.Run, w sync.Waiting) string { return w.Tool.Type }},
	{"tool_subtype", func(_ sync.Run, w sync.Waiting) string { return w.Tool.Subtype }},
	{"step_occurrence_id", func(_ sync.Run, w sync.Waiting) string { return string(w.Step) }},
	{"step_name", func(_ sync.Run, w sync.Waiting) string { return w.StepName }},
	{"login_id", func(_ sync.Run, w sync.Waiting) string { return string(w.Person.ID) }},
	{"login", func(_ sync.Run, w sync.Waiting) string { return w.Person.Login }},
	{"person_name", func(_ sync.Run, w sync.Waiting) string { return w.Person.Name }},
	{"required", func(_ sync.Run, w sync.Waiting) string { return requiredCell(w) }},
	{"started_at", func(_ sync.Run, w sync.Waiting) string { return momentCell(w.StartedAt) }},
	{"overdue_at", func(_ sync.Run, w sync.Waiting) string { return momentCell(w.OverdueAt) }},
	{"reason", func(_ sync.Run, w sync.Waiting) string { return w.Reason }},
	{"successor_ids", func(_ sync.Run, w sync.Waiting) string {
		return joinedWith(w.Successors, ";", func(who procore.Login) string { return string(who.ID) })
	}},
	{"successors", func(_ sync.Run, w sync.Waiting) string { return joinedWith(w.Successors, ";", loginText) }},
	{"state", func(_ sync.Run, w sync.Waiting) string { return string(w.State) }},
	{"http_status", func(_ sync.Run, w sync.Waiting) string { return httpStatus(w.HTTPStatus) }},
	{"request_id", func(_ sync.Run, w sync.Waiting) string { return w.RequestID }},
	{"error", func(_ sync.Run, w sync.Waiting) string { return w.Error }},
}

// requiredCell is empty if nothing was read.
func requiredCell(w sync.Waiting) string {
	if w.Step == "" {
		return ""
	}
	return strconv.FormatBool(w.Required)
}

func momentCell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func joinedWith(people []procore.Login, between string, text func(procore.Login) string) string {
	list := make([]string, 0, len(people))
	for _, who := range people {
		list = append(list, text(who))
	}
	return strings.Join(list, between)
}

// loginText returns a person's login, else their name, else their id.
func loginText(who procore.Login) string {
	switch {
	case who.Login != "":
		return who.Login
	case who.Name != "":
		return who.Name
	}
	return string(who.ID)
}
