package report

import (
	"bufio"
	"fmt"
	"io"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

// waitEntry is one running workflow that waits for somebody, as people read it.
type waitEntry struct {
	person  procore.Login
	who     string // the person
	what    string // workflow, step and place
	since   string // since when, and since when it is overdue
	overdue bool
	says    string // what was done about it, or what is to be done
}

// waitEntries words the rows of running.csv: what waits longest comes first.
func waitEntries(rec sync.Record) []waitEntry {
	now := rec.Run.FinishedAt
	if now.IsZero() {
		now = rec.Run.StartedAt
	}
	var entries []waitEntry
	for _, w := range rec.Waiting {
		e := waitEntry{person: w.Person, who: loginOf(w.Person), what: workflowText(w), overdue: w.Overdue(now), says: waitText(w)}
		if !w.StartedAt.IsZero() {
			e.since = "since " + w.StartedAt.UTC().Format(time.DateOnly)
		}
		if e.overdue {
			e.since += ", overdue since " + w.OverdueAt.UTC().Format(time.DateOnly)
		}
		entries = append(entries, e)
	}
	return entries
}

// loginOf names a person with name and login, as far as they are known.
func loginOf(who procore.Login) string {
	if who.Name != "" && who.Login != "" {
		return fmt.Sprintf("%s <%s>", Clean(who.Name), Clean(who.Login))
	}
	return Clean(loginText(who))
}

func workflowText(w sync.Waiting) string {
	place := w.Tool.String() + " of the company"
	if w.Project != "" {
		place = fmt.Sprintf("%s of project %s", w.Tool, projectText(w))
	}
	if w.Instance == "" {
		return Clean("any workflow of " + place)
	}
	text := fmt.Sprintf("workflow %s of %s", w.Instance, place)
	if w.StepName != "" {
		text += ", step " + w.StepName
	}
	return Clean(text)
}

func projectText(w sync.Waiting) string {
	if w.ProjectNumber != "" {
		return w.ProjectNumber
	}
	return string(w.Project)
}

// waitText says how it stands, and what is to be done.
func waitText(w sync.Waiting) string {
	people := joinedWith(w.Successors, ", ", loginText)
	var text string
	switch w.State {
	case sync.Waits:
		switch {
		case w.OnStep:
			text = running.OnStepText(w)
		case len(w.Successors) > 0:
			text = "`assignee-sync handover` would invite " + people
		default:
			text = w.ToHandOver()
		}
	case sync.WaitPlanned:
		text = "to be invited: " + people
	case sync.WaitInvited:
		text = "invited: " + people
		if w.Required {
			text += "; the leaver stays on the step: where it still waits, a workflow manager has to take them off"
		}
	case sync.WaitNotLooked:
		text = "not looked for: " + w.Error
	case sync.WaitUnreadable:
		text = "could not be read: " + w.Error
	default:
		text = fmt.Sprintf("%s: %s", w.State, w.Error)
	}
	return Clean(text)
}

// waits writes the section on running workflows.
func (t *text) waits() {
	entries := waitEntries(t.rec)
	if len(entries) == 0 {
		return
	}
	t.line("%s", t.paint(bold, fmt.Sprintf("Running workflows that wait for somebody who left (%s)", sync.Grouped(len(entries)))))
	for i, e := range entries {
		if i == exceptionsShown && t.opts.Detail != DetailAll {
			t.line("  … and %s more: --details shows them, and running.csv", sync.Grouped(len(entries)-i))
			break
		}
		t.line("  %s: %s%s", e.who, e.what, t.paint(either(e.overdue, red, ""), prefixed(" ", e.since)))
		t.line("    %s", e.says)
	}
	t.line("")
}

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

// waits is the section on running workflows.
func (m *markdown) waits(room int) string {
	entries := waitEntries(m.rec)
	if len(entries) == 0 {
		return ""
	}
	p := part{room: room}
	p.add(0, fmt.Sprintf("\n## Running workflows that wait for somebody who left (%s)\n\n| Person | Workflow | Since | How it stands |\n"+
		"| --- | --- | --- | --- |\n", sync.Grouped(len(entries))))
	for _, e := range entries {
		p.add(1, row(e.who, e.what, e.since, e.says))
	}
	return p.close("running workflows", "running.csv")
}

// waitBlock is one row of the page's table of running workflows.
type waitBlock struct {
	Who, What, Since, Says string
	Overdue                bool
}

// waitBlocks are those that the page shows; the rest is in running.csv.
func waitBlocks(rec sync.Record) (blocks []waitBlock, more int) {
	entries := waitEntries(rec)
	for i, e := range entries {
		if i == peopleAtOnce {
			return blocks, len(entries) - i
		}
		blocks = append(blocks, waitBlock{e.who, e.what, e.since, e.says, e.overdue})
	}
	return blocks, 0
}

// waitTotals is the line that says what a look or a hand-over came to.
func waitTotals(rec sync.Record) string {
	n := sync.CountWaiting(rec.Waiting)
	if n == nil || len(rec.Waiting) == 0 {
		return "Nothing waits for anybody who left"
	}
	text := fmt.Sprintf("%s for somebody who left", either(len(rec.Waiting) == 1, "1 running workflow waits", sync.Grouped(len(rec.Waiting))+" places wait"))
	for _, part := range []struct {
		n    int
		word string
	}{
		{n.Planned, "to be handed over"},
		{n.Invited, "handed over: successors are invited"},
		{n.Failed, "failed"},
		{n.Conflict, "in conflict"},
		{n.NotAttempted, "not attempted"},
		{n.NotLooked, "not looked for"},
		{n.Unreadable, "unreadable"},
	} {
		if part.n > 0 {
			text += fmt.Sprintf("; %s %s", sync.Grouped(part.n), part.word)
		}
	}
	return text
}

// Waiting writes what running workflows wait for, as Text does.
func Waiting(w io.Writer, rec sync.Record, opts TextOptions) error {
	buf := bufio.NewWriter(w)
	t := &text{w: buf, opts: opts, reading: read(rec)}
	t.line("%s", t.paint(bold, waitTotals(rec)))
	t.line("")
	t.waits()
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write what waits: %w", err)
	}
	return nil
}
