package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

// waitEntry is a running workflow that waits for somebody, or several that do so alike, for people to read.
type waitEntry struct {
	who     string // the person
	what    string // workflow, step and place, or how many
	since   string // since when, and since when it has been overdue
	overdue bool
	says    string // what was done about it, or what to do
}

// waitsApart is the number of running workflows up to which each has an entry of its own without being asked for.
const waitsApart = 20

// waitEntries words the rows of running.csv, longest wait first. If there are many, those that wait for the same person
// in the same state share one entry, unless each is asked for.
func waitEntries(rec sync.Record, each bool) []waitEntry {
	now := cmp.Or(rec.Run.FinishedAt, rec.Run.StartedAt)
	each = each || len(rec.Waiting) <= waitsApart
	var entries []waitEntry
	for _, alike := range waitsAlike(rec.Waiting, each) {
		entries = append(entries, newWaitEntry(alike, now, !each))
	}
	return entries
}

// waitsAlike groups running workflows by the person they wait for and their state, or keeps each apart.
func waitsAlike(list []sync.Waiting, each bool) [][]sync.Waiting {
	type key struct {
		person           procore.LoginID
		state            sync.WaitState
		onStep, required bool
		nobody           bool
		error            string
		n                int
	}
	var parts [][]sync.Waiting
	at := map[key]int{}
	for n, w := range list {
		k := key{w.Person.ID, w.State, w.OnStep, w.Required, len(w.Successors) == 0, w.Error, 0}
		if each {
			k.n = n
		}
		i, known := at[k]
		if !known {
			i = len(parts)
			at[k] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], w)
	}
	return parts
}

func newWaitEntry(alike []sync.Waiting, now time.Time, inShort bool) waitEntry {
	w := alike[0]
	e := waitEntry{who: loginOf(w.Person), what: workflowText(w), overdue: w.Overdue(now)}
	if !w.StartedAt.IsZero() {
		e.since = "since " + w.StartedAt.UTC().Format(time.DateOnly)
	}
	if e.overdue {
		e.since += ", overdue since " + w.OverdueAt.UTC().Format(time.DateOnly)
	}
	if len(alike) > 1 {
		e.what = sync.Several(len(alike), "workflow") + " of " + projectsOf(alike)
		if e.since != "" {
			e.what, e.since = e.what+",", "the longest "+e.since
		}
		w.Successors = nil
		for _, other := range alike {
			w.Successors = append(w.Successors, other.Successors...)
		}
		slices.SortFunc(w.Successors, func(a, b procore.Login) int { return procore.CompareIDs(a.ID, b.ID) })
		w.Successors = slices.CompactFunc(w.Successors, func(a, b procore.Login) bool { return a.ID == b.ID })
	}
	e.says = waitText(w, inShort)
	return e
}

// waitAdvice says once what to do about many that wait.
const waitAdvice = "`assignee-sync handover` invites successors; where there is none, fill the team in HR, or name somebody: " +
	"`assignee-sync handover --person LOGIN --to LOGIN`"

// adviceOnWaits says what combined entries leave out.
func adviceOnWaits(rec sync.Record) string {
	waits := slices.ContainsFunc(rec.Waiting, func(w sync.Waiting) bool { return w.State == sync.Waits && !w.OnStep })
	return either(waits && len(rec.Waiting) > waitsApart, waitAdvice, "")
}

// projectsOf says in how many projects workflows are waiting.
func projectsOf(list []sync.Waiting) string {
	projects := map[procore.ProjectID]bool{}
	for _, w := range list {
		projects[w.Project] = true
	}
	s := spread{company: projects[""]}
	delete(projects, "")
	s.projects = len(projects)
	return s.whose()
}

// loginOf names a person by name and login, as far as they are known.
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

// successorsShown is how many successors an entry names before it only counts them.
const successorsShown = 5

// waitText says what the state is and, unless it is said elsewhere, what to do.
func waitText(w sync.Waiting, inShort bool) string {
	people := joinedWith(w.Successors[:min(len(w.Successors), successorsShown)], ", ", loginText)
	if more := len(w.Successors) - successorsShown; more > 0 {
		people += " and " + sync.Grouped(more) + " more"
	}
	var text string
	switch w.State {
	case sync.Waits:
		switch {
		case w.OnStep:
			text = running.OnStepText(w)
		case inShort:
			text = cmp.Or(prefixed("successors: ", people), "nobody else is in the group")
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
	entries := waitEntries(t.rec, t.opts.Detail == DetailAll)
	if len(entries) == 0 {
		return
	}
	t.line("%s", t.paint(bold, fmt.Sprintf("Running workflows that wait for somebody who left (%s)", sync.Grouped(len(t.rec.Waiting)))))
	for i, e := range entries {
		if i == waitsApart && t.opts.Detail != DetailAll {
			t.line("  … and %s more entries: --details shows each workflow, as does running.csv in the run's folder", sync.Grouped(len(entries)-i))
			break
		}
		t.line("  %s: %s%s", e.who, e.what, t.paint(either(e.overdue, red, ""), prefixed(" ", e.since)))
		t.line("    %s", e.says)
	}
	if advice := adviceOnWaits(t.rec); advice != "" && t.opts.Detail != DetailAll {
		t.line("  to do: %s", advice)
	}
	t.line("")
}

func prefixed(prefix, s string) string {
	return either(s == "", "", prefix+s)
}

func suffixed(s, suffix string) string {
	return either(s == "", "", s+suffix)
}

// waits returns the section on running workflows.
func (m *markdown) waits(room int) string {
	entries := waitEntries(m.rec, false)
	if len(entries) == 0 {
		return ""
	}
	p := part{room: room}
	p.add(0, fmt.Sprintf("\n## Running workflows that wait for somebody who left (%s)\n\n%s| Person | Workflow | Since | How it stands |\n"+
		"| --- | --- | --- | --- |\n", sync.Grouped(len(m.rec.Waiting)), suffixed(cell(sentence(adviceOnWaits(m.rec))), ".\n\n")))
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

// waitBlocks returns the rows that the page shows; the rest is in running.csv.
func waitBlocks(rec sync.Record) (blocks []waitBlock, more int) {
	entries := waitEntries(rec, false)
	for i, e := range entries {
		if i == peopleAtOnce {
			return blocks, len(entries) - i
		}
		blocks = append(blocks, waitBlock{e.who, e.what, e.since, sentence(e.says), e.overdue})
	}
	return blocks, 0
}

// waitTotals returns the line that sums up a look or a hand-over.
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

// Waiting writes the running workflows that wait, in the same way as Text.
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
