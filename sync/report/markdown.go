package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"procore-assignee-sync/sync"
)

// Markdown writes the plan or result as GitHub-flavoured Markdown, for a ticket or a pull request. Nothing that HR or
// Procore wrote is taken for markup.
func Markdown(w io.Writer, rec sync.Record) error {
	buf := bufio.NewWriter(w)
	m := &markdown{w: buf, rec: rec, asPlan: isPlan(rec)}
	m.head()
	m.gates()
	m.changes()
	m.exceptions()
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the Markdown report: %w", err)
	}
	return nil
}

type markdown struct {
	w      *bufio.Writer
	rec    sync.Record
	asPlan bool
}

func (m *markdown) line(format string, args ...any) { fmt.Fprintf(m.w, format+"\n", args...) }

func (m *markdown) head() {
	m.line("# %s\n", escapeMarkdown(title(m.rec)))
	m.line("**%s**\n", escapeMarkdown(totals(m.rec)))
	if msg := m.rec.Summary.Message; msg != "" {
		m.line("%s\n", escapeMarkdown(Clean(msg)))
	}
	for _, f := range append(facts(m.rec), costs(m.rec)...) {
		m.line("- %s: %s", f.Label, escapeMarkdown(f.Text))
	}
	if m.rec.Plan != nil && m.rec.Plan.Digest != "" {
		m.line("- Digest: `%s`", shortDigest(m.rec.Plan.Digest))
	}
}

func (m *markdown) gates() {
	p := m.rec.Plan
	if p == nil || len(p.Gates) == 0 {
		return
	}
	m.line("\n## %s\n", escapeMarkdown(gatesTitle(m.rec)))
	m.line("| Limit | Figure | To allow it |\n| --- | --- | --- |")
	for _, g := range p.Gates {
		m.row(string(g.Gate), g.Figure, g.Allow)
	}
	if approvable(p) && m.asPlan {
		m.line("\nTo apply exactly this plan all the same: `%s`", approval(p))
	}
}

func (m *markdown) changes() {
	if len(m.rec.Changes) == 0 {
		return
	}
	m.line("\n## Changes")
	for _, p := range tree(m.rec, m.rec.Changes) {
		m.line("\n### %s", escapeMarkdown(p.title))
		for _, preset := range p.presets {
			m.preset(preset)
		}
	}
}

func (m *markdown) preset(p presetNode) {
	m.line("\n#### %s, preset %s\n", escapeMarkdown(p.title), escapeMarkdown(Clean(string(p.id))))
	m.line("| Group | | Person | Why |\n| --- | --- | --- | --- |")
	for _, g := range p.groups {
		for _, c := range g.changes {
			mk := markOf(c, m.asPlan)
			m.row(g.name, mk.sign, person(c), because(mk, c))
		}
	}
	var rest []string
	for _, g := range p.groups {
		if k := keeps(g); k != "" {
			rest = append(rest, g.name+" "+either(g.hold != "", "is held: ", "")+k+".")
		}
	}
	if p.others > 0 {
		rest = append(rest, others(p, m.asPlan)+".")
	}
	for _, n := range p.notes {
		rest = append(rest, strings.ReplaceAll(string(n.status), "_", " ")+": "+n.text)
	}
	for _, r := range rest {
		m.line("\n%s", escapeMarkdown(r))
	}
}

func (m *markdown) exceptions() {
	for _, s := range exceptionSections(m.rec.Exceptions, m.asPlan) {
		m.line("\n## %s (%s)", s.title, sync.Grouped(s.size()))
		for _, k := range s.kinds {
			m.line("\n### %s (%s)\n", escapeMarkdown(string(k.kind)), sync.Grouped(len(k.list)))
			if k.guide.Means != "" {
				m.line("%s. To do: %s.\n", escapeMarkdown(sentence(k.guide.Means)), escapeMarkdown(cmp.Or(k.guide.Todo, "nothing")))
			}
			m.line("| Who or what | Detail | Where | HR |\n| --- | --- | --- | --- |")
			for _, e := range k.list {
				m.row(e.Subject, e.Detail, place(e), e.Source)
			}
		}
	}
}

func (m *markdown) row(cells ...string) {
	for _, c := range cells {
		m.w.WriteString("| " + escapeMarkdown(Clean(c)) + " ")
	}
	m.line("|")
}

// title names what the report is of.
func title(rec sync.Record) string {
	what := "Result"
	if isPlan(rec) {
		what = "Plan"
	}
	if rec.Run.RollbackOf != "" {
		what += " of a rollback"
	}
	return what + " for Procore company " + Clean(string(rec.Run.Company))
}

// sentence begins with a capital letter.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
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
