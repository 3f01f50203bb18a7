package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

// Inbox writes what is waiting for the credentials' own user, longest first, with the options that each step offers
// and, at the end, the command that answers. Pasted as it is, that command sends nothing and lists the options.
func Inbox(w io.Writer, waiters []running.Waiter) error {
	buf := bufio.NewWriter(w)
	if len(waiters) == 0 {
		fmt.Fprintln(buf, "Nothing waits for this user.")
	}
	for _, e := range waiters {
		fmt.Fprintf(buf, "workflow %s of %s of %s, item %s\n", Clean(string(e.Instance)), Clean(e.Tool.String()), inProject(e.Place), Clean(string(e.Item)))
		since := "since an unknown time"
		if !e.StartedAt.IsZero() {
			since = "since " + e.StartedAt.UTC().Format(time.DateOnly)
		}
		if !e.OverdueAt.IsZero() {
			since += ", due " + e.OverdueAt.UTC().Format(time.DateOnly)
		}
		fmt.Fprintf(buf, "  step %s, %s%s\n", Clean(e.StepName), since, either(e.Required, ", required", ""))
		for _, o := range e.Options {
			fmt.Fprintf(buf, "  option %s: %s%s\n", Clean(string(o.ID)), Clean(o.Name), prefixed(", ", Clean(o.ResponseType)))
		}
	}
	if len(waiters) > 0 {
		first := waiters[0]
		where := either(first.Project == "", "--company", "--project "+Clean(string(first.Project)))
		fmt.Fprintf(buf, "\nTo answer the first: `assignee-sync respond %s %s --option OPTION`, with the id or the name of an option\n",
			Clean(string(first.Instance)), where)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the inbox: %w", err)
	}
	return nil
}

// inProject names a place's project by number, name and id.
func inProject(p running.Place) string {
	if p.Project == "" {
		return "the company"
	}
	text := "project " + Clean(string(p.Project))
	if named := strings.TrimSpace(Clean(p.ProjectNumber + " " + p.ProjectName)); named != "" {
		text = fmt.Sprintf("project %s (id %s)", named, Clean(string(p.Project)))
	}
	return text
}

// responses writes what a run answered, or is about to answer.
func (t *text) responses() {
	for _, r := range t.rec.Responses {
		where := "of the company"
		if r.Project != "" {
			where = "of project " + string(r.Project)
		}
		t.line("  workflow %s %s%s: %s%s, %s%s", Clean(string(r.Instance)), Clean(where), prefixed(", step ", Clean(r.StepName)),
			Clean(orUnnamed(r.Option.Name, string(r.Option.ID))), prefixed(" with comment ", quoted(r.Comment)), responseText(r.Status),
			prefixed(": ", Clean(r.Error)))
	}
	if len(t.rec.Responses) > 0 {
		t.line("")
	}
}

func orUnnamed(name, id string) string {
	if name == "" {
		return "option " + id
	}
	return name
}

func quoted(s string) string {
	if s == "" {
		return ""
	}
	return `"` + Clean(s) + `"`
}

func responseText(s sync.Status) string {
	switch s {
	case sync.Applied:
		return "answered"
	case sync.Planned:
		return "to be answered"
	default:
		return strings.ReplaceAll(string(s), "_", " ")
	}
}

// responseTotals returns the line that sums up a run of respond.
func responseTotals(rec sync.Record) string {
	if rec.Summary.Outcome == sync.RunFailed && len(rec.Responses) == 0 {
		return "No workflow was answered"
	}
	if isPlan(rec) {
		return sync.Several(len(rec.Responses), "workflow") + " to answer"
	}
	return fmt.Sprintf("%s of %s answered", sync.Grouped(answered(rec.Responses)), sync.Several(len(rec.Responses), "workflow"))
}

// answered returns the number of workflows that were answered.
func answered(responses []sync.Response) (n int) {
	for _, r := range responses {
		if r.Status == sync.Applied {
			n++
		}
	}
	return n
}
