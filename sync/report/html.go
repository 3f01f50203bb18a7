package report

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"

	"procore-assignee-sync/sync"
)

//go:embed report.html.tmpl
var pageSource string

//go:embed report.css
var pageStyle string

var pageTemplate = template.Must(template.New("report").Parse(pageSource))

// HTML writes report.html: one self-contained page. It asks for nothing from the network and needs no script; its
// content security policy allows its own style sheet, by hash, and nothing else. It reads on a phone, in the dark, by
// screen reader and on paper.
func HTML(w io.Writer, rec sync.Record) error {
	buf := bufio.NewWriter(w)
	if err := pageTemplate.Execute(buf, newPage(rec)); err != nil {
		return fmt.Errorf("write the HTML report: %w", err)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the HTML report: %w", err)
	}
	return nil
}

// pageData is what the template shows. All text in it is cleaned; the template escapes it.
type pageData struct {
	Title, Totals, Message string
	State, StateClass      string
	Style                  template.CSS
	Policy                 string
	Facts                  []fact
	Gates                  *gatesBlock
	Projects               []projectBlock
	Sections               []sectionBlock
	RunID                  string
}

type gatesBlock struct {
	Title   string
	Gates   []sync.TrippedGate
	Approve string // the command that would let exactly this plan pass; empty where none would
}

type projectBlock struct {
	Title, ID string
	Presets   []presetBlock
}

type presetBlock struct {
	Title, ID string
	Rows      []rowBlock
	Rest      []string
	Trouble   []string
}

type rowBlock struct {
	Group, Sign, Words, Class, Name, Login, Why, Source string
}

type sectionBlock struct {
	Title string
	Count string
	Kinds []kindBlock
}

type kindBlock struct {
	Kind, Count, Means, Todo string
	Rows                     []exceptionBlock
}

type exceptionBlock struct{ Subject, Detail, Place, Source string }

func newPage(rec sync.Record) pageData {
	sum := sha256.Sum256([]byte(pageStyle))
	style := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	data := pageData{
		Title:   title(rec),
		Totals:  totals(rec),
		Message: Clean(rec.Summary.Message),
		RunID:   Clean(rec.Run.ID),
		Style:   template.CSS(pageStyle), //nolint:gosec // our own embedded style sheet
		Policy:  "default-src 'none'; style-src " + style + "; img-src data:; base-uri 'none'; form-action 'none'",
		Facts:   pageFacts(rec),
	}
	data.State, data.StateClass = state(rec)
	if p := rec.Plan; p != nil && len(p.Gates) > 0 {
		data.Gates = newGatesBlock(rec)
	}
	asPlan := isPlan(rec)
	for _, p := range tree(rec, rec.Changes) {
		data.Projects = append(data.Projects, newProjectBlock(p, asPlan))
	}
	for _, s := range exceptionSections(rec.Exceptions, asPlan) {
		data.Sections = append(data.Sections, newSectionBlock(s))
	}
	return data
}

// state is the run's outcome in a word for people, with a class for its colour.
func state(rec sync.Record) (word, class string) {
	switch rec.Summary.Outcome {
	case sync.Done:
		return either(isPlan(rec), "Planned", "Done"), "good"
	case sync.Incomplete:
		return "Incomplete", "warn"
	case sync.Refused:
		return "Refused", "bad"
	case sync.RunFailed:
		return "Failed", "bad"
	case sync.Interrupted:
		return "Interrupted", "bad"
	default:
		return "Planned", "good"
	}
}

func pageFacts(rec sync.Record) []fact {
	list := facts(rec)
	if !rec.Run.StartedAt.IsZero() {
		when := rec.Run.StartedAt.UTC().Format("2006-01-02 15:04:05 UTC")
		if !rec.Run.FinishedAt.IsZero() {
			when += " to " + rec.Run.FinishedAt.UTC().Format("2006-01-02 15:04:05 UTC")
		}
		list = append(list, fact{"Time", when})
	}
	list = append(list, costs(rec)...)
	if rec.Plan != nil && rec.Plan.Digest != "" {
		list = append(list, fact{"Digest", Clean(rec.Plan.Digest)})
	}
	return append(list, fact{"Exit code", fmt.Sprint(rec.Summary.ExitCode)})
}

func newGatesBlock(rec sync.Record) *gatesBlock {
	block := &gatesBlock{Title: gatesTitle(rec)}
	for _, g := range rec.Plan.Gates {
		block.Gates = append(block.Gates, sync.TrippedGate{Gate: g.Gate, Figure: Clean(g.Figure), Allow: Clean(g.Allow)})
	}
	if approvable(rec.Plan) && isPlan(rec) {
		block.Approve = approval(rec.Plan)
	}
	return block
}

func newProjectBlock(p projectNode, asPlan bool) projectBlock {
	block := projectBlock{Title: p.title, ID: Clean(string(p.id))}
	for _, preset := range p.presets {
		block.Presets = append(block.Presets, newPresetBlock(preset, asPlan))
	}
	return block
}

func newPresetBlock(p presetNode, asPlan bool) presetBlock {
	block := presetBlock{Title: p.title, ID: Clean(string(p.id))}
	for _, g := range p.groups {
		for _, c := range g.changes {
			m := markOf(c, asPlan)
			block.Rows = append(block.Rows, rowBlock{
				Group: g.name, Sign: m.sign, Words: sentence(wordsFor(m, c, asPlan)), Class: classOf(m.sign),
				Name: Clean(c.PersonName), Login: loginOr(c), Why: Clean(c.Reason), Source: sources(c.Source),
			})
		}
		if k := keeps(g); k != "" {
			block.Rest = append(block.Rest, g.name+": "+k)
		}
	}
	if p.others > 0 {
		block.Rest = append(block.Rest, others(p, asPlan))
	}
	for _, n := range p.notes {
		block.Trouble = append(block.Trouble, sentence(strings.ReplaceAll(string(n.status), "_", " "))+": "+n.text)
	}
	return block
}

// wordsFor says on a page, which has room, what the terminal's sign alone says.
func wordsFor(m mark, c sync.Change, asPlan bool) string {
	switch {
	case m.words != "":
		return m.words
	case asPlan:
		return either(c.Action == sync.Add, "add", "remove")
	default:
		return either(c.Action == sync.Add, "added", "removed")
	}
}

func loginOr(c sync.Change) string {
	if c.Login != "" {
		return Clean(c.Login)
	}
	return "login id " + Clean(string(c.LoginID))
}

func sources(s string) string { return Clean(strings.ReplaceAll(s, ";", "; ")) }

func classOf(sign string) string {
	switch sign {
	case "+":
		return "add"
	case "-":
		return "remove"
	case "x":
		return "bad"
	default:
		return "warn"
	}
}

func newSectionBlock(s exceptionSection) sectionBlock {
	block := sectionBlock{Title: s.title, Count: sync.Grouped(s.size())}
	for _, k := range s.kinds {
		kb := kindBlock{Kind: string(k.kind), Count: sync.Grouped(len(k.list)), Means: sentence(k.guide.Means), Todo: cmp.Or(k.guide.Todo, "nothing")}
		for _, e := range k.list {
			kb.Rows = append(kb.Rows, exceptionBlock{Clean(e.Subject), Clean(e.Detail), place(e), sources(e.Source)})
		}
		block.Kinds = append(block.Kinds, kb)
	}
	return block
}
