package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"procore-assignee-sync/sync"
)

// Room for a Markdown report and its parts, in bytes, so that it holds for characters too. A comment on GitHub can have
// 65,536 characters.
const (
	markdownRoom = 60_000 - 1
	todoRoom     = 18_000
	peopleRoom   = 18_000 // plus what the parts before it leave of theirs
	toldRoom     = 6_000
	cellRoom     = 400 // characters
)

// Markdown writes the plan or result as GitHub-flavoured Markdown, for a ticket or a pull request. It stays under
// 60,000 characters, and says what it left out if that is not enough. Nothing from HR or Procore is taken for markup.
func Markdown(w io.Writer, rec sync.Record, detail Detail) error {
	m := &markdown{read(rec)}
	head, about := m.head(), m.about()
	todo := m.section(either(m.asPlan, "Would be left undone", "Left undone"), m.todo, todoRoom)
	who := m.whoAndWhy(peopleRoom + todoRoom - len(todo))
	told := m.section("Worth knowing", m.toldBesides(), toldRoom) + m.section("Accepted by SYNC_ACCEPTED_EXCEPTIONS", m.accepted, toldRoom)
	waits := m.waits(toldRoom)
	details := ""
	if detail != DetailNone {
		details = m.details(markdownRoom - len(head) - len(todo) - len(who) - len(waits) - len(told) - len(about))
	}
	if _, err := io.WriteString(w, head+todo+who+waits+details+told+about); err != nil {
		return fmt.Errorf("write the Markdown report: %w", err)
	}
	return nil
}

type markdown struct{ *reading }

// head returns the title, how the run ended, and what refuses it.
func (m *markdown) head() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n**%s**\n", escapeMarkdown(title(m.rec)), cell(m.state.word+": "+m.inShort))
	if msg := m.rec.Summary.Message; msg != "" {
		fmt.Fprintf(&b, "\n%s\n", cell(msg))
	}
	if m.gates == nil {
		return b.String()
	}
	fmt.Fprintf(&b, "\n## %s\n\n| Limit | Figure | What to do |\n| --- | --- | --- |\n", cell(m.gates.title))
	for _, g := range m.gates.gates {
		b.WriteString(row(g.name, g.figure, g.todo))
	}
	if m.gates.approve != "" {
		fmt.Fprintf(&b, "\n%s: `%s`\n", toApprove, strings.ReplaceAll(m.gates.approve, "`", "'"))
	}
	return b.String()
}

func (m *markdown) about() string {
	var b strings.Builder
	b.WriteString("\n## About this run\n\n")
	for _, f := range append(m.facts, costs(m.rec)...) {
		fmt.Fprintf(&b, "- %s: %s\n", f.Label, cell(f.Text))
	}
	return b.String()
}

func (m *markdown) section(title string, kinds []exceptionKind, room int) string {
	if len(kinds) == 0 {
		return ""
	}
	p := part{room: room}
	p.add(0, fmt.Sprintf("\n## %s (%s)\n", title, sizeOf(kinds)))
	for _, k := range kinds {
		means := ""
		if k.guide.Means != "" {
			means = fmt.Sprintf("%s. To do: %s.\n\n", cell(sentence(k.guide.Means)), cell(cmp.Or(k.guide.Todo, "nothing")))
		}
		p.add(0, fmt.Sprintf("\n### %s (%s)\n\n%s| Who or what | Detail | Where | HR |\n| --- | --- | --- | --- |\n",
			escapeMarkdown(string(k.kind)), k.count(), means))
		for _, it := range k.items {
			p.add(1, row(it.subject, it.detail, some(it.places, placesShown), some(it.sources, sourcesShown)))
		}
	}
	return p.close("rows", "exceptions.csv")
}

func (m *markdown) whoAndWhy(room int) string {
	if len(m.people) == 0 {
		return ""
	}
	p := part{room: room}
	p.add(0, fmt.Sprintf("\n## People (%s)\n", m.howMany()))
	if len(m.people) > peopleAtOnce {
		p.add(0, "\nAfter each name: in how many presets.\n")
		for _, f := range fates(m.rec.Changes, m.asPlan) {
			p.add(0, m.fate(f))
		}
	}
	p.add(0, "\n| Person | Groups | Why |\n| --- | --- | --- |\n")
	for _, e := range m.people {
		groups := make([]string, len(e.groups))
		for i, g := range e.groups {
			groups[i] = cell(g.String())
		}
		p.add(1, "| "+cell(e.who())+" | "+strings.Join(groups, "<br>")+" | "+cell(e.because())+" |\n")
	}
	return p.close("people and reasons", "report.html, report.xlsx and changes.csv")
}

func (m *markdown) fate(f fate) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %s: %s\n\n", cell(f.title), sync.Several(f.people, "person"))
	for _, c := range f.causes {
		indent := ""
		if c.title != "" {
			fmt.Fprintf(&b, "- %s (%s)\n", cell(c.title), sync.Grouped(c.people))
			indent = "  "
		}
		for _, g := range c.groups {
			names := g.named(f.mostNamed())
			for i := range names {
				names[i] = cell(names[i])
			}
			fmt.Fprintf(&b, "%s- **%s**: %s\n", indent, cell(g.heading()), strings.Join(names, ", "))
		}
	}
	return b.String()
}

func (m *markdown) details(room int) string {
	if len(m.projects) == 0 {
		return ""
	}
	p := part{room: room}
	p.add(0, "\n## Details\n")
	for _, project := range m.projects {
		heading := fmt.Sprintf("\n### %s\n", cell(project.title))
		for _, preset := range project.presets {
			if p.add(1, heading+m.preset(preset)) {
				heading = ""
			}
		}
	}
	return p.close("presets", "report.html, report.xlsx and changes.csv")
}

func (m *markdown) preset(p presetNode) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n#### %s, preset %s\n\n", cell(p.title), cell(string(p.id)))
	b.WriteString("| Group | | Person | Why |\n| --- | --- | --- | --- |\n")
	for _, g := range p.groups {
		for _, c := range g.changes {
			b.WriteString(row(g.name, markOf(c.Action, c.Status, m.asPlan).sign, personOf(c), because(c, g.hold, m.asPlan)))
		}
	}
	var rest []string
	for _, g := range p.groups {
		if k := g.rest(); k != "" {
			rest = append(rest, g.name+": "+k+".")
		}
	}
	if r := p.rest(m.asPlan); r != "" {
		rest = append(rest, r+".")
	}
	for _, n := range p.notes {
		rest = append(rest, strings.ReplaceAll(string(n.status), "_", " ")+": "+n.text)
	}
	for _, r := range rest {
		b.WriteString("\n" + cell(r) + "\n")
	}
	return b.String()
}

// part is a part of a report that has only so much room. What does not fit any more is counted.
type part struct {
	b    strings.Builder
	room int
	full bool
	left int // rows
}

// leftOutRoom is kept free for saying how much was left out.
const leftOutRoom = 150

// add takes a piece with so many rows and says whether there was room for it. Once one was left out, all later ones are.
func (p *part) add(rows int, piece string) bool {
	if p.full || p.b.Len()+len(piece)+leftOutRoom > p.room {
		p.full = true
		p.left += rows
		return false
	}
	p.b.WriteString(piece)
	return true
}

// close returns the part; it ends by saying what was left out, and where that is.
func (p *part) close(what, where string) string {
	if p.left > 0 {
		fmt.Fprintf(&p.b, "\n*%s more %s are left out here for want of room: see %s in the run's folder.*\n", sync.Grouped(p.left), what, where)
	}
	return p.b.String()
}

func row(cells ...string) string {
	var b strings.Builder
	for _, c := range cells {
		b.WriteString("| " + cell(c) + " ")
	}
	return b.String() + "|\n"
}

// cell is a text that is cleaned, cut where it is very long, and kept from being taken for markup.
func cell(s string) string {
	s = Clean(s)
	if utf8.RuneCountInString(s) > cellRoom {
		s = string([]rune(s)[:cellRoom]) + "…"
	}
	return escapeMarkdown(s)
}

var markdownEscapes = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`, "#", `\#`, "!", `\!`, "$", `\$`,
)

func escapeMarkdown(s string) string {
	switch s {
	case "+", "-": // alone in a cell they would start a list in some readers
		return "`" + s + "`"
	}
	return markdownEscapes.Replace(s)
}
