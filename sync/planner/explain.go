package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Explanation says why somebody is or is not an assignee: the chain from HR row through rule and group to login and
// decision, or the first link that is missing.
type Explanation struct {
	Subject string         `json:"subject"`           // the person, or the project and group
	Missing string         `json:"missing,omitempty"` // the first missing link, if the chain does not even begin
	Logins  []string       `json:"logins,omitempty"`  // the people whom Procore has under the text that was asked for
	Rows    []ExplainedRow `json:"rows,omitempty"`    // HR's rows of the person
	Places  []Place        `json:"places"`            // by project, template, preset, group and login
}

// ExplainedRow is one HR row and how far its chain goes.
type ExplainedRow struct {
	At      string   `json:"at"`
	Says    string   `json:"says"`              // team, role, project and status
	Member  string   `json:"member"`            // "member today", or why not
	Login   string   `json:"login"`             // the person in Procore, or why there is none
	Rules   []string `json:"rules"`             // the rules that apply to it
	Missing string   `json:"missing,omitempty"` // the first missing link; empty if the row reaches a group
	// Kind is the kind of the exception about the missing link; empty if there is none.
	Kind sync.Kind `json:"kind,omitempty"`
}

// Place is one person who is in one group of one preset, or should be.
type Place struct {
	Project      procore.ProjectID `json:"project_id,omitempty"`
	ProjectName  string            `json:"project_name,omitempty"` // number and name
	TemplateName string            `json:"template_name"`
	Preset       procore.PresetID  `json:"preset_id"`
	GroupName    string            `json:"group_name"`
	Login        string            `json:"login"` // or what HR knows about the person
	PersonName   string            `json:"person_name,omitempty"`
	Decision     Decision          `json:"decision"`
	Why          string            `json:"why"`
	Source       sync.Positions    `json:"source,omitempty"` // HR rows
	Kind         sync.Kind         `json:"kind,omitempty"`   // of the exception about it; empty if there is none
}

// ExplainPerson follows one person, given by e-mail, Procore login or employee id, from the HR rows to the groups. An
// error is a *sync.ConfigError.
func ExplainPerson(in Inputs, who string) (*Explanation, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	p := newPlanner(in)
	e := &Explanation{Subject: strings.TrimSpace(who), Places: []Place{}}
	asked := p.askedFor(e.Subject)
	for _, r := range asked.rows {
		e.Rows = append(e.Rows, p.explainRow(r))
	}
	e.Rows = append(e.Rows, p.explainRejected(e.Subject, asked.people)...)
	for _, found := range asked.people {
		e.Logins = append(e.Logins, found.describe())
	}
	for _, preset := range p.presets {
		for _, place := range p.decide(preset).places(p) {
			if slices.Contains(asked.people, place.who) || slices.Contains(asked.rows, place.row) {
				e.Places = append(e.Places, place.Place)
			}
		}
	}
	e.Missing = p.missingOf(e, asked)
	sortPlaces(e.Places)
	return e, nil
}

// missingOf says why a person has no place, if the rows alone do not say it.
func (p *planner) missingOf(e *Explanation, asked askedPerson) string {
	switch {
	case len(e.Rows) == 0 && len(e.Logins) == 0:
		return "neither HR nor Procore knows anybody by this e-mail, login or employee id" + sync.NearHint(p.nearPeople(e.Subject))
	case len(e.Rows) == 0:
		return "no HR row has this e-mail, login or employee id"
	case len(e.Places) == 0 && !slices.ContainsFunc(e.Rows, func(r ExplainedRow) bool { return r.Missing != "" }):
		return p.whyNowhere(asked.rows)
	default:
		return ""
	}
}

// mostReasons is how many reasons an explanation joins.
const mostReasons = 3

// whyNowhere says why rows that match rules put nobody into any group that was read.
func (p *planner) whyNowhere(rows []*row) string {
	var reasons []string
	for _, r := range rows {
		for _, v := range p.groups.versions {
			for _, g := range v.groups {
				if slices.ContainsFunc(g.rules, func(rule *mapRule) bool { return rule.people.has(r) }) {
					reasons = append(reasons, p.whyNotIn(v, g, r))
				}
			}
		}
	}
	if len(reasons) == 0 {
		return "no template in scope has a group for these HR rows"
	}
	slices.Sort(reasons)
	reasons = slices.Compact(reasons)
	if more := len(reasons) - mostReasons; more > 0 {
		reasons = append(reasons[:mostReasons], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(reasons, "; ")
}

// whyNotIn says why a row that a rule maps to a group has no place in it.
func (p *planner) whyNotIn(v *templateVersion, g *group, r *row) string {
	name := fmt.Sprintf("group %s of %s", quoted(g.Name), v.name)
	if !g.managed {
		return name + " is not managed: " + g.why
	}
	for _, preset := range p.presets {
		if p.groups.versionOf(preset) == v && r.on(preset.Ref.Project) {
			if d := p.decide(preset); d.skipped != "" {
				return preset.Subject() + " is left out: " + d.skipped
			}
		}
	}
	if r.everyProject() {
		return "no preset in scope has " + name
	}
	return fmt.Sprintf("no preset in scope on project %s has %s", r.Project, name)
}

// nearPeople returns the people in HR whose login or employee id is closest to a text.
func (p *planner) nearPeople(text string) []string {
	var all []string
	for _, r := range p.roster.rows {
		all = append(all, r.Login(), r.EmployeeID)
	}
	return sync.NearNames(text, all)
}

// askedPerson is everything that the text given for a person leads to.
type askedPerson struct {
	people []*person // by login
	rows   []*row    // by position
}

func (p *planner) askedFor(text string) askedPerson {
	folded := hrsource.FoldAddress(text)
	found := p.people.byEmployeeID.find(p.people.byLogin.find(nil, folded), text)
	asked := askedPerson{people: slices.Clone(found)}
	for _, r := range p.roster.rows {
		meant := slices.ContainsFunc(found, func(who *person) bool { return slices.Contains(who.meant.rows, r) })
		named := meant || folded != "" && (hrsource.FoldAddress(r.Email) == folded || hrsource.FoldAddress(r.ProcoreLogin) == folded || r.EmployeeID == text)
		if !named && (r.who == nil || !slices.Contains(found, r.who)) {
			continue
		}
		asked.rows = append(asked.rows, r)
		if r.who != nil && !slices.Contains(asked.people, r.who) {
			asked.people = append(asked.people, r.who)
		}
	}
	sortByLogin(asked.people)
	return asked
}

// describe returns the person as Procore knows them.
func (p *person) describe() string {
	text := fmt.Sprintf("login %s, %s", p.id, cmp.Or(p.login, "whose e-mail Procore did not give"))
	if p.name != "" {
		text += ", " + p.name
	}
	if p.employeeID != "" {
		text += ", employee id " + p.employeeID
	}
	switch {
	case !p.inDirectory:
		return text + ", not in the company directory"
	case !p.active:
		return text + ", inactive in the company directory"
	default:
		return text
	}
}
