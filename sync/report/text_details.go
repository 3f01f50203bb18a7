package report

import (
	"strings"
	"unicode/utf8"

	"procore-assignee-sync/sync"
)

// details shows the changes by project, preset and group.
func (t *text) details(changes []sync.Change, projects []projectNode) {
	if len(projects) == 0 {
		return
	}
	if !t.opts.Detail.showsDetails(len(changes)) {
		if t.opts.Detail == DetailAuto {
			t.line("%s\n  --details prints them; report.html, report.xlsx and changes.csv in the run's folder have them\n",
				t.paint(bold, "Details ("+sync.Several(len(changes), "change")+")"))
		}
		return
	}
	t.line("%s\n", t.paint(bold, "Details"))
	for _, p := range projects {
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
	if rest := p.rest(t.asPlan); rest != "" && !t.opts.ResultOnly {
		t.line("    %s", t.paint(faint, rest))
	}
	for _, n := range p.notes {
		t.line("    %s", t.paint(red, strings.ReplaceAll(string(n.status), "_", " ")+": "+n.text))
	}
}

func (t *text) group(g groupNode) {
	t.line("    %s", g.name)
	width := 0
	for _, c := range g.changes {
		width = max(width, min(widestPerson, utf8.RuneCountInString(personOf(c))))
	}
	for _, c := range g.changes {
		sign := markOf(c.Action, c.Status, t.asPlan).sign
		row := strings.TrimRight(sign+" "+personOf(c)+padding(personOf(c), width)+"  "+because(c, g.hold, t.asPlan), " ")
		t.line("      %s", t.paint(colorOf(sign), row))
	}
	if rest := g.rest(); rest != "" && !t.opts.ResultOnly {
		t.line("      %s", t.paint(faint, rest))
	}
}
