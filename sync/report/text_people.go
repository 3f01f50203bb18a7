package report

import (
	"strings"
	"unicode/utf8"

	"procore-assignee-sync/sync"
)

// peopleAtOnce is the number of people up to which each has an entry. More are shown by group.
const peopleAtOnce = 100

// widestPerson is the greatest width of a name with which the reasons below and above it are still aligned.
const widestPerson = 48

// whoAndWhy shows the people: an entry for each person and reason or, if there are many, what becomes of them by group.
func (t *text) whoAndWhy() {
	if len(t.people) == 0 {
		return
	}
	t.line("%s", t.paint(bold, "People ("+t.howMany()+")"))
	if len(t.people) > peopleAtOnce && t.opts.Detail != DetailAll {
		t.byGroup()
	} else {
		t.each()
	}
}

func (t *text) each() {
	width := 0
	for _, e := range t.people {
		width = max(width, min(widestPerson, utf8.RuneCountInString(e.who())))
	}
	for _, e := range t.people {
		t.line("  %s", strings.TrimRight(t.paint(bold, e.who())+padding(e.who(), width)+"  "+e.because(), " "))
		for _, g := range e.groups {
			t.line("    %s", t.paint(colorOf(g.mark.sign), g.String()))
		}
	}
	t.line("")
}

func (t *text) byGroup() {
	t.line("  after each name: in how many presets; --details has an entry for each person, with the HR rows")
	for _, f := range fates(t.rec.Changes, t.asPlan) {
		t.line("")
		t.line("  %s", t.paint(bold, f.title+": "+sync.Several(f.people, "person")))
		for _, c := range f.causes {
			indent := "    "
			if c.title != "" {
				t.line("    %s (%s)", c.title, sync.Grouped(c.people))
				indent += "  "
			}
			for _, g := range c.groups {
				head := f.mark.sign + " " + g.heading() + ":"
				t.list(indent, t.paint(colorOf(f.mark.sign), head), head, g.named(f.mostNamed()))
			}
		}
	}
	t.line("")
}

// lineWidth is the width at which a list of names continues on the next line.
const lineWidth = 110

// list writes a head and the words after it, over as many lines as they need. plain is the head without colours.
func (t *text) list(indent, head, plain string, words []string) {
	line, width := indent+head, utf8.RuneCountInString(indent+plain)
	for i, word := range words {
		if i < len(words)-1 {
			word += ","
		}
		if n := utf8.RuneCountInString(word) + 1; width+n > lineWidth {
			t.line("%s", line)
			line, width = indent+"    "+word, utf8.RuneCountInString(indent)+3+n
		} else {
			line, width = line+" "+word, width+n
		}
	}
	t.line("%s", line)
}

func padding(s string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

// groupsAtAGlance shows how many people gain and lose a place in which groups.
func (t *text) groupsAtAGlance() {
	heads, rows := t.groupTable()
	rows = append([][4]string{heads}, rows...)
	var widths [3]int
	for _, r := range rows {
		for i := range widths {
			widths[i] = max(widths[i], utf8.RuneCountInString(r[i]))
		}
	}
	for i, r := range rows {
		line := ""
		for j, w := range widths {
			line += r[j] + padding(r[j], w) + "  "
		}
		line = strings.TrimRight(line+r[3], " ")
		t.line("  %s", t.paint(either(i == 0, faint, ""), line))
	}
	t.line("")
}
