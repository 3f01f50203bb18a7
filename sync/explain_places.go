package sync

import (
	"cmp"
	"fmt"
	"slices"
)

// foundPlace is a place with whom it is about: a person, or an HR row that leads to none.
type foundPlace struct {
	Place
	who, row int32 // -1: none
}

// placesIn gives everybody in the groups of the nth preset, or who should be in one, with what a plan decides.
func (b *builder) placesIn(n int) []foundPlace {
	state := b.presets[n]
	drafts, ok := b.draftPreset(n)
	if !ok {
		return b.placesAsRead(n, true)
	}
	places := b.placesAsRead(n, false)
	needsList := slices.ContainsFunc(drafts, b.needsList)
	listed := needsList && b.markPossible(state.Scope())
	for _, d := range drafts {
		places = append(places, b.placesOf(state, d, needsList && !listed, listed)...)
	}
	return places
}

// placesAsRead gives the people of the groups that are not managed, or of all groups where the preset is left out.
func (b *builder) placesAsRead(n int, leftOut bool) []foundPlace {
	state := b.presets[n]
	at := b.layoutOf(state)
	var places []foundPlace
	seat := b.seatsAt[n]
	for i := range state.Preset.Memberships {
		m := &state.Preset.Memberships[i]
		name, why, decision := string(m.Group), "the published version does not have this group", DecidedUnmanaged
		if at != nil {
			if s, ok := at.byUUID[m.Group]; ok {
				name, why = at.slots[s].Name, at.slots[s].why
			}
		}
		if leftOut {
			decision, why = DecidedLeftOut, "the preset is left out: "+b.whyLeftOut(state)
		}
		for range m.Assignees {
			who := b.seats[seat]
			seat++
			if why == "" {
				continue // managed, and told of elsewhere
			}
			places = append(places, b.place(state, name, b.people.all[who].label(), decision, why, "", who, -1))
		}
	}
	return places
}

func (b *builder) whyLeftOut(state *PresetState) string {
	if b.out.names(state) {
		return "something of it could not be read"
	}
	return b.out.whyMalformed(state, b.layoutOf(state))
}

// placesOf gives the places of a managed group. Unread says that the list of possible assignees is needed and is not
// there.
func (b *builder) placesOf(state *PresetState, d *draft, unread, listed bool) []foundPlace {
	var places []foundPlace
	project := b.projectOf(state)
	add := func(who int32, decision Decision, why, source string) {
		places = append(places, b.place(state, d.slot.Name, b.people.all[who].label(), decision, why, source, who, -1))
	}
	if unread {
		for _, who := range d.before {
			add(who, DecidedLeftOut, "the preset is left out: its list of possible assignees could not be read", "")
		}
		return places
	}
	for _, who := range d.stay {
		rows := b.justifying(d.slot, who, project)
		add(who, DecidedStays, b.whyAdded(d.slot, rows), b.sourceOf(rows))
	}
	for _, k := range d.kept {
		add(k.who, DecidedKept, k.why.reason(), b.sourceOf(b.rowsOf.of(k.who)))
	}
	c := b.conclude(state, d, listed)
	for _, who := range d.come {
		rows := b.justifying(d.slot, who, project)
		why, decision := b.whyAdded(d.slot, rows), DecidedAdded
		switch {
		case c.hold != "":
			decision, why = DecidedHeldAdd, string(c.hold)+": "+why
		case !slices.Contains(c.come, who):
			decision = DecidedNotAssignable
			why += fmt.Sprintf("; but not among the possible assignees of %s there: give them access to the tool", state.Tool.String())
		}
		add(who, decision, why, b.sourceOf(rows))
	}
	for _, who := range d.leave {
		why, decision := b.whyRemoved(d.slot, who), DecidedRemoved
		if hold := cmp.Or(c.hold, d.losesNobody); hold != "" {
			decision, why = DecidedHeldRemove, string(hold)+": "+why
		}
		add(who, decision, why, b.sourceOf(b.rowsOf.of(who)))
	}
	return append(places, b.placesOfRows(state, d)...)
}

// placesOfRows gives the members of a group who could not be found.
func (b *builder) placesOfRows(state *PresetState, d *draft) []foundPlace {
	var places []foundPlace
	for _, i := range slices.Concat(d.unresolved, d.inactive) {
		row := &b.rows[i]
		if row.result == inactive && slices.Contains(d.before, row.who) {
			continue
		}
		why := string(row.result.kind()) + ": " + b.whyUnresolved(row)
		if row.project == unknownProject {
			why = fmt.Sprintf("%s: no single active project has the id or number %q", ProjectUnknown, row.member.Project)
		}
		places = append(places, b.place(state, d.slot.Name, subjectOf(row.member), DecidedUnresolved, why,
			joinPositions(row.member.At), -1, i))
	}
	return places
}

func (b *builder) place(
	state *PresetState, group, login string, decision Decision, why, source string, who, row int32,
) foundPlace {
	return foundPlace{who: who, row: row, Place: Place{
		Project: state.Ref.Project, ProjectName: projectLabel(state), TemplateName: state.TemplateName, Preset: state.Ref.Preset,
		GroupName: group, Login: login, Decision: decision, Why: why, Source: source,
	}}
}

func projectLabel(state *PresetState) string {
	if state.Ref.Project == "" {
		return "the company"
	}
	return describeProject(state)
}
