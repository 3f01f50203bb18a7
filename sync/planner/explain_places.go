package planner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// foundPlace is a place and the person it is about, or the HR row if that leads to nobody.
type foundPlace struct {
	Place
	who *person
	row *row
}

// places returns everybody who is in a group of the preset or should be, with the decision about them.
func (d *presetDecision) places(p *planner) []foundPlace {
	var places []foundPlace
	for i := range d.preset.Preset.Memberships {
		places = append(places, d.asRead(&d.preset.Preset.Memberships[i], p.people)...)
	}
	if d.skipped != "" {
		return places
	}
	for _, group := range d.groups {
		for _, at := range group.people {
			place := d.place(group.group.Name, at.who.label(), at.who.name, at.is, p.why(group, at).String(), sourceOf(group.rowsOf(at)))
			place.Kind = group.kindOf(at)
			places = append(places, foundPlace{Place: place, who: at.who})
		}
		places = append(places, d.notFound(group, p.people)...)
	}
	return places
}

// asRead returns the people of a group that is not managed, or of any group if the preset is left out. If the preset is
// left out only because the list of possible assignees could not be read, the groups that are not managed are still
// known to be such.
func (d *presetDecision) asRead(m *procore.Membership, people *people) []foundPlace {
	name, why, decision := string(m.Group), "the published version does not have this group", DecidedUnmanaged
	if d.version != nil {
		if g, ok := d.version.byUUID[m.Group]; ok {
			name, why = g.Name, g.why
		}
	}
	switch {
	case d.skipped != "" && (why == "" || len(d.groups) == 0):
		decision, why = DecidedLeftOut, "the preset is left out: "+d.skipped
	case why == "":
		return nil // managed, and covered by places
	}
	places := make([]foundPlace, len(m.Assignees))
	for i := range m.Assignees {
		who := people.byID[m.Assignees[i].ID]
		places[i] = foundPlace{Place: d.place(name, who.label(), who.name, decision, why, nil), who: who}
	}
	return places
}

// notFound returns the members of a group who could not be found, or who are inactive and not in it.
func (d *presetDecision) notFound(g *groupDecision, people *people) []foundPlace {
	var places []foundPlace
	for _, r := range slices.Concat(g.unresolved, g.inactive) {
		if r.who != nil && g.has(r.who) {
			continue
		}
		why := string(r.match.kind()) + ": " + people.whyNotFound(r)
		if r.unknown {
			why = fmt.Sprintf("%s: no single active project has the id or number %q", sync.ProjectUnknown, r.Project)
		}
		place := d.place(g.group.Name, subjectOf(r.Member), r.Name, DecidedUnresolved, why, sourceOf([]*row{r}))
		if place.Kind = r.match.kind(); r.unknown {
			place.Kind = sync.ProjectUnknown
		}
		places = append(places, foundPlace{Place: place, row: r})
	}
	return places
}

// kindOf returns the kind of the exception about this person; empty if there is none.
func (d *groupDecision) kindOf(at placed) sync.Kind {
	switch {
	case d.heldBy(at) != "":
		return d.heldBy(at)
	case at.notAssignable:
		return sync.NotAssignable
	default:
		return at.keptBy.kind()
	}
}

func (d *presetDecision) place(group, login, name string, is Decision, why string, source sync.Positions) Place {
	return Place{
		Project: d.preset.Ref.Project, ProjectName: d.preset.ProjectLabel(), TemplateName: d.preset.TemplateName,
		Preset: d.preset.Ref.Preset, GroupName: group, Login: login, PersonName: name, Decision: is, Why: why, Source: source,
	}
}

func sortPlaces(places []Place) {
	slices.SortStableFunc(places, func(a, b Place) int {
		return cmp.Or(
			procore.CompareIDs(a.Project, b.Project), strings.Compare(a.TemplateName, b.TemplateName),
			procore.CompareIDs(a.Preset, b.Preset), strings.Compare(a.GroupName, b.GroupName), strings.Compare(a.Login, b.Login),
		)
	})
}
