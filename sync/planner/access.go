package planner

import (
	"cmp"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Access returns one row for each person in each group of each preset in scope, managed or not, and for each person who
// is to be added, with the decision and the reason for it. sync.LeftBy turns these rows into who is there once a run
// has ended.
func Access(in Inputs) []sync.AccessRow {
	p := newPlanner(in)
	var rows []sync.AccessRow
	for _, preset := range p.presets {
		rows = append(rows, p.decide(preset).access(p)...)
	}
	sync.SortAccess(rows)
	return rows
}

func (d *presetDecision) access(p *planner) []sync.AccessRow {
	var rows []sync.AccessRow
	for i := range d.preset.Preset.Memberships {
		m := &d.preset.Preset.Memberships[i]
		told := map[*person]bool{} // Procore may list a person twice
		for _, place := range d.asRead(m, p.people) {
			if told[place.who] {
				continue
			}
			told[place.who] = true
			row := d.accessOf(m.Group, place.who)
			row.Decision, row.Why = string(place.Decision), place.Why
			rows = append(rows, row)
		}
	}
	if d.skipped != "" {
		return rows
	}
	for _, g := range d.groups {
		for _, at := range g.people {
			if !at.there() && at.is != DecidedAdded {
				continue
			}
			row, found := d.accessOf(g.group.UUID, at.who), g.rowsOf(at)
			row.Decision, row.Why, row.Source, row.There = string(at.is), p.why(g, at).String(), sourceOf(found), at.there()
			for _, r := range found {
				row.EmployeeID = cmp.Or(r.EmployeeID, row.EmployeeID)
				row.PersonName = cmp.Or(row.PersonName, r.Name)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

func (d *presetDecision) accessOf(uuid procore.GroupUUID, who *person) sync.AccessRow {
	row := sync.AccessRow{
		Project: d.preset.Ref.Project, ProjectNumber: d.preset.Project.Number, ProjectName: d.preset.Project.Name,
		TemplateID: d.preset.TemplateID, TemplateName: d.preset.TemplateName, Preset: d.preset.Ref.Preset, GroupUUID: uuid,
		LoginID: who.id, Login: who.login, PersonName: who.name, EmployeeID: who.employeeID, ReadAt: d.preset.ReadAt, There: true,
	}
	if d.version != nil {
		if g, ok := d.version.byUUID[uuid]; ok {
			row.GroupName, row.Managed = g.Name, g.managed
		}
	}
	return row
}
