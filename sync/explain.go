package sync

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
)

// Explanation is why someone is or is not an assignee: the chain from HR row to rule, group, login and decision, or
// the first link that is missing.
type Explanation struct {
	Subject string         `json:"subject"`           // the person, or the project and group
	Missing string         `json:"missing,omitempty"` // the first missing link, where the chain does not even begin
	Logins  []string       `json:"logins,omitempty"`  // whom Procore knows under what was asked for
	Rows    []ExplainedRow `json:"rows,omitempty"`    // HR's rows of the person
	Places  []Place        `json:"places"`            // by project, template, preset, group and login
}

// ExplainedRow is one HR row and how far its chain reaches.
type ExplainedRow struct {
	At      string   `json:"at"`
	Says    string   `json:"says"`              // team, role, project and status
	Member  string   `json:"member"`            // "member today", or why not
	Login   string   `json:"login"`             // the person in Procore, or why there is none
	Rules   []string `json:"rules"`             // the rules that speak of it
	Missing string   `json:"missing,omitempty"` // the first link that is missing; empty where it reaches a group
}

// Place is one person in one group of one preset, or somebody who should be there.
type Place struct {
	Project      procore.ProjectID `json:"project_id,omitempty"`
	ProjectName  string            `json:"project_name,omitempty"` // number and name
	TemplateName string            `json:"template_name"`
	Preset       procore.PresetID  `json:"preset_id"`
	GroupName    string            `json:"group_name"`
	Login        string            `json:"login"` // or what HR knows of the person
	Decision     Decision          `json:"decision"`
	Why          string            `json:"why"`
	Source       string            `json:"source,omitempty"` // HR rows
}

// Decision is what a plan makes of somebody in a group.
type Decision string

// The decisions.
const (
	DecidedStays         Decision = "stays"
	DecidedAdded         Decision = "is added"
	DecidedRemoved       Decision = "is removed"
	DecidedKept          Decision = "is kept"
	DecidedHeldAdd       Decision = "is not added yet"
	DecidedHeldRemove    Decision = "is not removed yet"
	DecidedNotAssignable Decision = "can't be added"
	DecidedUnresolved    Decision = "can't be found"
	DecidedLeftOut       Decision = "is left as read"
	DecidedUnmanaged     Decision = "is left alone"
)

// ExplainPerson follows one person, given by e-mail, Procore login or employee id, from the HR rows to the groups. An
// error is a *ConfigError.
func ExplainPerson(in Inputs, who string) (*Explanation, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	b := newBuilder(in)
	e := &Explanation{Subject: strings.TrimSpace(who), Places: []Place{}}
	asked := b.askedFor(e.Subject)
	for _, i := range asked.rows {
		e.Rows = append(e.Rows, b.explainRow(i))
	}
	e.Rows = append(e.Rows, b.explainRejected(e.Subject)...)
	for _, w := range asked.sorted(b.people) {
		e.Logins = append(e.Logins, b.describePerson(w))
	}
	for n := range b.presets {
		for _, p := range b.placesIn(n) {
			if p.who >= 0 && asked.people[p.who] || p.row >= 0 && slices.Contains(asked.rows, p.row) {
				e.Places = append(e.Places, p.Place)
			}
		}
	}
	e.Missing = b.missingOf(e)
	sortPlaces(e.Places)
	return e, nil
}

// missingOf says why a person has no place, where that is not in their rows.
func (b *builder) missingOf(e *Explanation) string {
	switch {
	case len(e.Rows) == 0 && len(e.Logins) == 0:
		return "neither HR nor Procore knows anybody by this e-mail, login or employee id" + nearHint(b.nearPeople(e.Subject))
	case len(e.Rows) == 0:
		return "no HR row has this e-mail, login or employee id"
	case len(e.Places) == 0 && !slices.ContainsFunc(e.Rows, func(r ExplainedRow) bool { return r.Missing != "" }):
		return "no preset in scope has a group for these HR rows"
	default:
		return ""
	}
}

// nearPeople gives HR's people whose login or employee id is most like a text.
func (b *builder) nearPeople(text string) []string {
	var all []string
	for i := range b.rows {
		all = append(all, b.rows[i].member.Login(), b.rows[i].member.EmployeeID)
	}
	return NearNames(text, all)
}

// askedPerson is everything that a text for one person leads to.
type askedPerson struct {
	people map[int32]bool
	rows   []int32 // by position
}

func (b *builder) askedFor(text string) askedPerson {
	asked := askedPerson{people: map[int32]bool{}}
	folded := foldLogin(text)
	found := b.people.byEmployee.find(text, b.people.byLogin.find(folded, nil))
	for _, w := range found {
		asked.people[w] = true
	}
	for i := range b.rows {
		row := &b.rows[i]
		m := row.member
		named := folded != "" && (foldLogin(m.Email) == folded || foldLogin(m.ProcoreLogin) == folded || m.EmployeeID == text)
		if named || row.result.resolved() && slices.Contains(found, row.who) {
			asked.rows = append(asked.rows, int32(i))
			if row.result.resolved() {
				asked.people[row.who] = true
			}
		}
	}
	return asked
}

func (a askedPerson) sorted(p *people) []int32 {
	var who []int32
	for w := range a.people {
		who = append(who, w)
	}
	p.sortByLogin(who)
	return who
}

func (b *builder) describePerson(who int32) string {
	p := &b.people.all[who]
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

// ExplainProject follows everyone in the groups of one project (given by id, number or name; empty for the company's own
// presets), or in one group there. An error is a *ConfigError.
func ExplainProject(in Inputs, project, group string) (*Explanation, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	b := newBuilder(in)
	e := &Explanation{Subject: "project " + strings.TrimSpace(project), Places: []Place{}}
	if strings.TrimSpace(project) == "" {
		e.Subject = "the company's own presets"
	}
	if group != "" {
		e.Subject += ", group " + strings.TrimSpace(group)
	}
	ids, names := b.projectsCalled(project)
	if len(ids) == 0 {
		e.Missing = "no active project that the service account sees has this id, number or name" + nearHint(NearNames(project, names))
		return e, nil
	}
	presets := 0
	for n, state := range b.presets {
		if !slices.Contains(ids, state.Ref.Project) {
			continue
		}
		presets++
		for _, p := range b.placesIn(n) {
			if group == "" || FoldName(p.GroupName) == FoldName(group) {
				e.Places = append(e.Places, p.Place)
			}
		}
	}
	switch {
	case presets == 0:
		e.Missing = "no preset in scope was found in it: no template is assigned there, or it could not be read"
	case len(e.Places) == 0 && group != "":
		e.Missing = b.whyNobody(ids, group)
	}
	sortPlaces(e.Places)
	return e, nil
}

// whyNobody says why nobody is, or should be, in the groups of that name in the projects.
func (b *builder) whyNobody(projects []procore.ProjectID, group string) string {
	var groups, reasons []string
	for _, state := range b.presets {
		at := b.layoutOf(state)
		if at == nil || !slices.Contains(projects, state.Ref.Project) {
			continue
		}
		for i := range at.slots {
			s := &at.slots[i]
			groups = append(groups, s.Name)
			if FoldName(s.Name) != FoldName(group) {
				continue
			}
			why := s.why
			if s.managed {
				var rules []string
				for _, r := range s.rules {
					rules = append(rules, b.layouts.rules[r].at())
				}
				why = "no HR row of today leads to it there by " + strings.Join(rules, ", ")
			}
			reasons = append(reasons, fmt.Sprintf("nobody is in the group of %s: %s", state.TemplateName, why))
		}
	}
	if len(reasons) == 0 {
		return "no group there has this name" + nearHint(NearNames(group, groups))
	}
	slices.Sort(reasons)
	return strings.Join(slices.Compact(reasons), "; ")
}

// projectsCalled gives the projects that a person may mean, and the names of all.
func (b *builder) projectsCalled(text string) (ids []procore.ProjectID, names []string) {
	folded := foldNumber(text)
	if folded == "" {
		return []procore.ProjectID{""}, nil
	}
	for _, p := range b.projects.projects {
		names = append(names, p.Number, p.Name)
		if string(p.ID) == folded || foldNumber(p.Number) == folded || FoldName(p.Name) == FoldName(text) {
			ids = append(ids, p.ID)
		}
	}
	return ids, names
}

func sortPlaces(places []Place) {
	slices.SortStableFunc(places, func(a, b Place) int {
		return cmp.Or(
			procore.CompareIDs(a.Project, b.Project), strings.Compare(a.TemplateName, b.TemplateName),
			procore.CompareIDs(a.Preset, b.Preset), strings.Compare(a.GroupName, b.GroupName), strings.Compare(a.Login, b.Login),
		)
	})
}
