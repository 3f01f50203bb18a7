package running

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Exceptions returns what a person should know about the rows. Something is left undone if a place could not be read,
// or if a hand-over failed, met a conflict or was not attempted; the rest is only for information.
func Exceptions(rows []sync.Waiting, now time.Time) []sync.Exception {
	var out []sync.Exception
	for _, row := range rows {
		e := sync.Exception{Subject: personText(row.Person), Project: row.Project}
		switch row.State {
		case sync.Waits, sync.WaitPlanned:
			e.Kind, e.Detail = sync.RunningWaits, waits(row, now)
			if len(row.Successors) == 0 {
				none := e
				none.Kind, none.Detail = sync.NoSuccessor, where(row)+" waits for them; "+row.ToHandOver()
				out = append(out, none)
			}
		case sync.WaitUnreadable:
			e.Kind, e.Incomplete = sync.UnreadableKind, true
			e.Detail = fmt.Sprintf("whether %s waits for them could not be read: %s", where(row), row.Error)
		case sync.WaitFailed:
			e.Kind, e.Incomplete = sync.FailedKind, true
			e.Detail = fmt.Sprintf("%s waits for them, and inviting others failed: %s", where(row), row.Error)
		case sync.WaitConflict:
			e.Kind, e.Incomplete = sync.ConflictKind, true
			e.Detail = fmt.Sprintf("%s waited for them: %s; the next look sees how it stands", where(row), row.Error)
		case sync.WaitNotAttempted:
			e.Kind, e.Incomplete = sync.NotAttemptedKind, true
			e.Detail = fmt.Sprintf("%s waits for them, and nobody was invited: %s", where(row), row.Error)
		default:
			continue
		}
		out = append(out, e)
	}
	return out
}

// waits says since when a workflow has been waiting for somebody, and what to do about it.
func waits(row sync.Waiting, now time.Time) string {
	text := where(row) + " waits for them"
	if !row.StartedAt.IsZero() {
		text += " since " + row.StartedAt.UTC().Format(time.DateOnly)
	}
	if row.Overdue(now) {
		text += ", overdue since " + row.OverdueAt.UTC().Format(time.DateOnly)
	}
	switch {
	case row.OnStep:
		return text + ": " + OnStepText(row)
	case len(row.Successors) > 0:
		return text + ": `assignee-sync handover` invites " + successorsText(row)
	}
	return text
}

// OnStepText says that there is nobody left to invite, and who may take the leaver off a step that can't end without
// them.
func OnStepText(row sync.Waiting) string {
	text := "everybody to be invited is on the step already: " + successorsText(row)
	if row.Required {
		text += "; where it still waits, a workflow manager has to take the leaver off it"
	}
	return text
}

func successorsText(row sync.Waiting) string {
	var list []string
	for _, who := range row.Successors {
		list = append(list, personText(who))
	}
	return strings.Join(list, ", ")
}

func personText(who procore.Login) string {
	return cmp.Or(who.Login, who.Name, "login "+string(who.ID))
}

// where names the workflow of a row, or the place that was looked at.
func where(row sync.Waiting) string {
	place := Place{Project: row.Project, ProjectNumber: row.ProjectNumber, Tool: row.Tool}.String()
	if row.Instance == "" {
		return "a workflow of " + place
	}
	text := fmt.Sprintf("workflow %s of %s", row.Instance, place)
	if row.StepName != "" {
		text += fmt.Sprintf(" (step %q)", row.StepName)
	}
	return text
}
