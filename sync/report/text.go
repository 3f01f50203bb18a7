package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"procore-assignee-sync/sync"
)

// TextOptions are the options of Text.
type TextOptions struct {
	// Detail says how much is shown. By default that is the details for up to 200 changes and, if there are more than
	// 100 people, the people by group.
	Detail Detail
	// Color shows additions in green, removals in red and so on, with ANSI escapes. It is only for a terminal.
	Color bool
	// ResultOnly leaves out what the plan has already shown: changes that went as planned, held ones, and exceptions of
	// the plan. It is for the end of an apply whose plan was printed before.
	ResultOnly bool
	// NoNames leaves out all names and logins, and shows the outcome, what is left to do by kind, and counts. It is for
	// a log that many people can read.
	NoNames bool
}

// How much of a list is shown unless all of it is asked for. Rejected rows are always shown, since a run may be refused
// until each of them is corrected.
const exceptionsShown = 20

// Text writes a record for a terminal: how it ended, what is left to do, who is added or removed and why, the details
// by project if they are few or asked for, and facts about the run. It does not write the run's final line
// (Summary.Message), which the command does.
func Text(w io.Writer, rec sync.Record, opts TextOptions) error {
	buf := bufio.NewWriter(w)
	t := &text{w: buf, opts: opts, reading: read(rec)}
	switch {
	case opts.NoNames:
		t.outcome()
		t.counts()
	case opts.ResultOnly:
		t.resultOnly()
	default:
		t.whole()
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// Exceptions writes the exceptions of a plan in the same way as Text.
func Exceptions(w io.Writer, list []sync.Exception, opts TextOptions) error {
	buf := bufio.NewWriter(w)
	t := &text{w: buf, opts: opts, reading: read(sync.Record{Exceptions: list})}
	t.todos()
	t.others()
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the exceptions: %w", err)
	}
	return nil
}

// text is one report being written. Write errors stay in w until it is flushed.
type text struct {
	*reading
	w    *bufio.Writer
	opts TextOptions
}

func (t *text) line(format string, args ...any) { fmt.Fprintf(t.w, format+"\n", args...) }

func (t *text) whole() {
	t.outcome()
	t.todos()
	t.whoAndWhy()
	t.waits()
	t.responses()
	t.details(t.rec.Changes, t.projects)
	t.others()
	t.about()
}

// resultOnly shows what did not go as planned. The plan, with everything there was to say about it, has been shown
// above.
func (t *text) resultOnly() {
	changes := slices.DeleteFunc(slices.Clone(t.rec.Changes), func(c sync.Change) bool {
		return c.Status == sync.Applied || c.Status == sync.Planned || c.Status == sync.Held
	})
	exceptions := slices.DeleteFunc(slices.Clone(t.rec.Exceptions), func(e sync.Exception) bool { return !ofApply(e) })
	t.todo = byKind(exceptions)
	t.outcome()
	t.todos()
	t.waits()
	t.responses()
	t.details(changes, tree(t.rec, changes))
	t.costs()
}

// outcome shows what people look for first: the total, and what refuses it.
func (t *text) outcome() {
	t.line("%s", t.paint(bold, t.totals))
	if t.gates != nil {
		t.line("%s", t.paint(red, t.gates.title))
		for _, g := range t.gates.gates {
			t.line("  %s: %s", g.name, g.figure)
			if t.asPlan && g.todo != "" {
				t.line("    to do: %s", g.todo)
			}
		}
	}
	t.line("")
}

func (t *text) todos() {
	t.section(either(t.asPlan, "Would be left undone", "Left undone"), t.todo)
}

// others shows the exceptions about which nothing needs to be done.
func (t *text) others() {
	told := t.told
	if !t.opts.NoNames { // otherwise the section on running workflows is missing
		told = t.toldBesides()
	}
	t.section("Worth knowing", told)
	t.section("Accepted by SYNC_ACCEPTED_EXCEPTIONS", t.accepted)
}

func (t *text) section(title string, kinds []exceptionKind) {
	if len(kinds) == 0 {
		return
	}
	t.line("%s", t.paint(bold, fmt.Sprintf("%s (%s)", title, sizeOf(kinds))))
	for _, k := range kinds {
		t.kind(k)
	}
	t.line("")
}

func (t *text) kind(k exceptionKind) {
	head := fmt.Sprintf("%s (%s)", k.kind, k.count())
	if k.guide.Means != "" {
		head += ": " + k.guide.Means
	}
	t.line("  %s", t.paint(yellow, head))
	if k.guide.Todo != "" {
		t.line("    to do: %s", k.guide.Todo)
	}
	if t.opts.NoNames {
		return
	}
	for i, it := range k.items {
		if i == exceptionsShown && t.opts.Detail != DetailAll && k.kind != sync.RowRejected {
			t.line("    … and %s more: --details shows all, as does exceptions.csv in the run's folder", sync.Grouped(len(k.items)-i))
			break
		}
		t.line("    %s", it)
	}
}

// counts shows how much changes where, without names.
func (t *text) counts() {
	t.todos()
	if len(t.groups) > 0 {
		t.line("%s", t.paint(bold, "By group"))
		t.groupsAtAGlance()
	}
	t.others()
	t.about()
}

// about shows what was read, with which rules, who ran and approved it; then the digest.
func (t *text) about() {
	for _, f := range t.facts {
		if !f.fine && !(t.opts.NoNames && f.names) {
			t.line("%-9s %s", f.Label, f.Text)
		}
	}
	t.costs()
	if p := t.rec.Plan; p != nil && p.Digest != "" {
		t.line("Digest %s", shortDigest(p.Digest))
	}
	if t.gates != nil && t.gates.approve != "" {
		t.line("%s: %s", toApprove, t.gates.approve)
	}
}

func (t *text) costs() {
	for _, f := range costs(t.rec) {
		t.line("%s: %s", f.Label, f.Text)
	}
}
