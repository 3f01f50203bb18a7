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
	"regexp"

	"procore-assignee-sync/sync"
)

//go:embed page.html.tmpl
var pageSource string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"commands": commands}).Parse(pageSource))

var quotedCommand = regexp.MustCompile("`([^`]+)`")

// commands shows what a text has in backquotes as a command.
func commands(s string) template.HTML {
	escaped := template.HTMLEscapeString(s)
	return template.HTML(quotedCommand.ReplaceAllString(escaped, "<code>$1</code>")) //nolint:gosec // it is escaped
}

// How much of a page is there before its script has run, and on paper only where it was asked for.
const (
	pagePeople = 100 // entries
	pageItems  = 5   // exceptions of each kind
)

// HTML writes report.html: one self-contained page. It asks for nothing from the network. Outcome, what is left to do and
// the first people are there without a script; its own script, and nothing else (its content security policy names it
// and its style sheet by hash), searches, filters and makes the details as they are asked for. It reads on a phone, in
// the dark, by screen reader and from the keyboard; on paper it is outcome, to do and people.
func HTML(w io.Writer, rec sync.Record) error {
	buf := bufio.NewWriter(w)
	if err := pageTemplate.Execute(buf, newPage(read(rec))); err != nil {
		return fmt.Errorf("write the HTML report: %w", err)
	}
	if err := buf.Flush(); err != nil {
		return fmt.Errorf("write the HTML report: %w", err)
	}
	return nil
}

// pageData is what the template shows. All text in it is cleaned; the template escapes it.
type pageData struct {
	Title, RunID, Totals string
	State, StateClass    string
	Message, Approved    string
	Style                template.CSS
	Script               template.JS
	Policy               string

	Refusal                        *refusalBlock
	Todo, Told, Accepted           []kindBlock
	TodoTitle                      string
	WaitAdvice, WaitCount          string
	TodoCount, ToldCount, AccCount string
	HowMany                        string
	GroupHeads                     [4]string
	Groups                         [][4]string
	People                         []entryBlock
	MorePeople                     int
	Waits                          []waitBlock
	MoreWaits                      int
	Changes                        string // how many, in words
	Facts                          []fact
	Index                          pageIndex
}

type refusalBlock struct {
	Title, ToApprove, Approve string
	Gates                     []gateBlock
}

type gateBlock struct{ Name, Figure, Todo string }

type kindBlock struct {
	ID, Kind, Count, Means, Todo string
	Items                        []itemBlock
	More                         int // items that only the index has
}

type itemBlock struct{ Subject, Detail, Places, Sources string }

type entryBlock struct {
	Name, Login, Why, Sources string
	Groups                    []placeBlock
}

type placeBlock struct{ Class, Sign, Group, Reach string }

func newPage(r *reading) pageData {
	waits, moreWaits := waitBlocks(r.rec)
	data := pageData{
		Waits: waits, MoreWaits: moreWaits, WaitAdvice: adviceOnWaits(r.rec), WaitCount: sync.Grouped(len(r.rec.Waiting)),
		Title: title(r.rec), RunID: Clean(r.rec.Run.ID), Totals: r.inShort, Message: Clean(r.rec.Summary.Message),
		State: r.state.word, StateClass: r.state.class,
		Style:      template.CSS(pageStyle), //nolint:gosec // our own embedded style sheet
		Script:     template.JS(pageScript), //nolint:gosec // our own embedded script
		Policy:     "default-src 'none'; style-src " + hashOf(pageStyle) + "; script-src " + hashOf(pageScript) + "; img-src data:; base-uri 'none'; form-action 'none'",
		TodoTitle:  either(r.asPlan, "Would be left undone", "Left undone"),
		HowMany:    r.howMany(),
		MorePeople: max(0, len(r.people)-pagePeople),
		Changes:    sync.Several(len(r.rec.Changes), "change"),
		Facts:      append(append(r.facts, costs(r.rec)...), fact{Label: "Exit code", Text: fmt.Sprint(r.rec.Summary.ExitCode)}),
	}
	if r.gates != nil && !r.asPlan {
		data.Approved = r.gates.inShort()
	}
	if r.gates != nil && r.asPlan {
		data.Refusal = &refusalBlock{Title: r.gates.title, ToApprove: toApprove, Approve: r.gates.approve}
		for _, g := range r.gates.gates {
			data.Refusal.Gates = append(data.Refusal.Gates, gateBlock{g.name, g.figure, g.todo})
		}
	}
	data.Index = newPageIndex(r)
	data.Todo, data.TodoCount = data.Index.addKinds("todo", r.todo)
	data.Told, data.ToldCount = data.Index.addKinds("told", r.toldBesides())
	data.Accepted, data.AccCount = data.Index.addKinds("accepted", r.accepted)
	data.GroupHeads, data.Groups = r.groupTable()
	for _, e := range r.people[:len(r.people)-data.MorePeople] {
		data.People = append(data.People, newEntryBlock(e))
	}
	return data
}

// hashOf names a text in a content security policy, as CSP Level 3 says.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func newEntryBlock(e personAndReason) entryBlock {
	name, login := nameAndLogin(e.person)
	block := entryBlock{Name: name, Login: login, Why: e.why, Sources: someRows(e.sources)}
	for _, g := range e.groups {
		block.Groups = append(block.Groups, placeBlock{g.mark.class(), g.mark.sign, g.group, g.reachText()})
	}
	return block
}

// nameAndLogin returns what to call a person by, and what else identifies them, which may be nothing.
func nameAndLogin(p *person) (name, login string) {
	login = cmp.Or(p.login, "login id "+Clean(string(p.id)))
	if p.name == "" {
		return login, ""
	}
	return p.name, login
}
