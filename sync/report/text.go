package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"procore-assignee-sync/sync"
)

// TextOptions say how Text writes.
type TextOptions struct {
	// Color puts additions in green, removals in red and so on, with ANSI escapes. Only for a terminal.
	Color bool
	// ResultOnly leaves out what the plan has already shown: changes that went as planned, held ones, and exceptions of
	// the plan. For the end of an apply whose plan stands a page above.
	ResultOnly bool
	// AllExceptions shows every exception, rather than the first 20 of each kind.
	AllExceptions bool
}

// widestPerson is how wide a name may be that its neighbours' reasons are still lined up with.
const widestPerson = 48

// exceptionsShown is how many exceptions of one kind Text shows before it points to exceptions.csv. Rejected rows are
// always shown, since a run may be refused until each of them is mended.
const exceptionsShown = 20

// Text writes the difference, person by person, and its summary for a terminal. Every change is shown, however many
// there are. It does not write the run's final line (Summary.Message): that is the command's.
func Text(w io.Writer, rec sync.Record, opts TextOptions) error {
	buf := bufio.NewWriter(w)
	t := &text{w: buf, opts: opts, rec: rec, asPlan: isPlan(rec)}
	if !opts.ResultOnly {
		t.facts()
	}
	t.changes()
	t.exceptions()
	t.conclusion()
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// Exceptions writes the exceptions of a plan as Text does.
func Exceptions(w io.Writer, list []sync.Exception, opts TextOptions) error {
	buf := bufio.NewWriter(w)
	t := &text{w: buf, opts: opts, rec: sync.Record{Exceptions: list}, asPlan: true}
	t.exceptions()
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the exceptions: %w", err)
	}
	return nil
}

// text is one report on its way out. Errors of writing stay in w until it is flushed.
type text struct {
	w      *bufio.Writer
	opts   TextOptions
	rec    sync.Record
	asPlan bool
}

func (t *text) line(format string, args ...any) { fmt.Fprintf(t.w, format+"\n", args...) }

func (t *text) facts() {
	for _, f := range facts(t.rec) {
		t.line("%-9s %s", f.Label, f.Text)
	}
	t.line("")
}

func (t *text) changes() {
	changes := t.rec.Changes
	if t.opts.ResultOnly {
		changes = slices.DeleteFunc(slices.Clone(changes), func(c sync.Change) bool {
			return c.Status == sync.Applied || c.Status == sync.Planned || c.Status == sync.Held
		})
	}
	for _, p := range tree(t.rec, changes) {
		title := t.paint(bold, p.title)
		if p.id != "" {
			title += t.paint(faint, "  project "+Clean(string(p.id)))
		}
		t.line("%s", title)
		for _, preset := range p.presets {
			t.preset(preset)
		}
		t.line("")
	}
}

func (t *text) preset(p presetNode) {
	t.line("  %s%s", p.title, t.paint(faint, "  preset "+Clean(string(p.id))))
	for _, g := range p.groups {
		t.group(g)
	}
	if p.others > 0 && !t.opts.ResultOnly {
		t.line("    %s", t.paint(faint, others(p, t.asPlan)))
	}
	for _, n := range p.notes {
		t.line("    %s", t.paint(red, strings.ReplaceAll(string(n.status), "_", " ")+": "+n.text))
	}
}

func (t *text) group(g groupNode) {
	t.line("    %s", g.name)
	width := 0
	for _, c := range g.changes {
		width = max(width, min(widestPerson, utf8.RuneCountInString(person(c))))
	}
	for _, c := range g.changes {
		m, who := markOf(c, t.asPlan), person(c)
		pad := strings.Repeat(" ", max(0, width-utf8.RuneCountInString(who)))
		row := strings.TrimRight(m.sign+" "+who+pad+"  "+because(m, c), " ")
		t.line("      %s", t.paint(colorOf(m.sign), row))
	}
	if rest := keeps(g); rest != "" && !t.opts.ResultOnly {
		t.line("      %s", t.paint(faint, rest))
	}
}

// because is what stands after a person: what became of the change where the sign does not say it, then why.
func because(m mark, c sync.Change) string {
	if m.words == "" {
		return why(c)
	}
	if why(c) == "" {
		return m.words
	}
	return m.words + ": " + why(c)
}

// keeps says who else is in the group.
func keeps(g groupNode) string {
	switch {
	case g.hold != "":
		return "the whole group stays as read (" + string(g.hold) + ")"
	case g.keeps == 1:
		return "keeps 1 other unchanged"
	case g.keeps > 1:
		return "keeps " + sync.Grouped(g.keeps) + " others unchanged"
	default:
		return ""
	}
}

// others says how much of the preset goes back untouched.
func others(p presetNode, asPlan bool) string {
	if p.others == 1 {
		return "1 other group " + either(asPlan, "is", "was") + " sent back as read"
	}
	return sync.Grouped(p.others) + " other groups " + either(asPlan, "are", "were") + " sent back as read"
}

func (t *text) exceptions() {
	list := t.rec.Exceptions
	if t.opts.ResultOnly {
		list = slices.DeleteFunc(slices.Clone(list), func(e sync.Exception) bool { return !ofApply(e) })
	}
	for _, s := range exceptionSections(list, t.asPlan) {
		t.line("%s", t.paint(bold, fmt.Sprintf("%s (%s)", s.title, sync.Grouped(s.size()))))
		for _, k := range s.kinds {
			t.kind(k)
		}
		t.line("")
	}
}

func (t *text) kind(k exceptionKind) {
	head := fmt.Sprintf("%s (%s)", k.kind, sync.Grouped(len(k.list)))
	if k.guide.Means != "" {
		head += ": " + k.guide.Means
	}
	t.line("  %s", t.paint(yellow, head))
	if k.guide.Todo != "" {
		t.line("    to do: %s", k.guide.Todo)
	}
	for i, e := range k.list {
		if i == exceptionsShown && !t.opts.AllExceptions && k.kind != sync.RowRejected {
			t.line("    … and %s more: see exceptions.csv in the run's folder", sync.Grouped(len(k.list)-i))
			break
		}
		t.line("    %s", exceptionLine(e))
	}
}

func exceptionLine(e sync.Exception) string {
	line := Clean(e.Subject)
	if e.Detail != "" {
		line += ": " + Clean(e.Detail)
	}
	if p := place(e); p != "" {
		line += " [" + p + "]"
	}
	if e.Source != "" {
		line += " (" + Clean(strings.ReplaceAll(e.Source, ";", "; ")) + ")"
	}
	return line
}

// conclusion is what people look for first: the total, what refuses it, and the digest.
func (t *text) conclusion() {
	p := t.rec.Plan
	if p != nil && len(p.Gates) > 0 {
		t.line("%s", t.paint(red, gatesTitle(t.rec)))
		for _, g := range p.Gates {
			t.line("  %s: %s", g.Gate, Clean(g.Figure))
			if t.asPlan {
				t.line("    to allow it: %s", Clean(g.Allow))
			}
		}
		t.line("")
	}
	t.line("%s", t.paint(bold, totals(t.rec)))
	for _, c := range costs(t.rec) {
		t.line("%s: %s", c.Label, c.Text)
	}
	if p == nil || p.Digest == "" || t.opts.ResultOnly {
		return
	}
	t.line("Digest %s", shortDigest(p.Digest))
	if approvable(p) && t.asPlan {
		t.line("To apply exactly this plan all the same: %s", approval(p))
	}
}
