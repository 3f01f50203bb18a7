package sandbox

import (
	"slices"
	"time"

	"procore-assignee-sync/procore"
)

// addInstances tells the stories of running workflows: a subcontract waits for the approval of somebody who has left the
// company; on another workflow he has done his part; one has nothing to do with anybody who left; one has ended; and one
// waits for the integration.
func (d *demo) addInstances() {
	me := d.hireIntegration()
	const tower, bridge, dataCenter = 0, 3, 4
	day := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 9, 30, 0, 0, time.UTC) }

	waiting := d.instance(0, tower, "Isaac Farrell", day(time.October, 26), "Legal", day(time.October, 28))
	d.responded(&waiting, "Priya Raman", day(time.October, 29))
	d.responded(&waiting, "Dana Whitfield", day(time.October, 30))
	d.addInstance(waiting)

	d.addInstance(d.instance(3, everywhere, "Mei Tanaka", day(time.October, 19), "Finance Approver", day(time.November, 16)))
	d.addInstance(d.instance(1, bridge, "Mei Tanaka", day(time.November, 17), "Project Manager", day(time.November, 17)))

	ended := d.instance(0, tower, "Marco Diaz", day(time.September, 7), "Legal", day(time.September, 9))
	ended.Step, ended.EndedAt = nil, day(time.September, 15)
	d.addInstance(ended)

	checks := d.instance(0, dataCenter, "Lars Svensson", day(time.November, 18), "Finance Approver", day(time.November, 19))
	checks.Step.People = append(checks.Step.People, Place{
		Login: d.people[me].login, Required: true, RoleType: procore.RoleResponder, Invited: true,
	})
	d.addInstance(checks)
}

// instance gives a workflow of a template in a project that by started, and that has stood at a step since.
func (d *demo) instance(template, project int, by string, started time.Time, step string, since time.Time) Instance {
	projectID := procore.ProjectID("")
	if project != everywhere {
		projectID = d.company.Projects[project].ID
	}
	at := slices.IndexFunc(d.company.Presets, func(p Preset) bool {
		return p.Project == projectID && p.Template == d.company.Templates[template].ID
	})
	p := d.company.Presets[at]
	v := d.published(p.Template)
	in := begin(v, p, "", d.people[d.byName[by]].login, started)
	for in.Step != nil && in.Step.Name != step {
		in.moveOn(v, since)
	}
	return in
}

func (d *demo) responded(in *Instance, name string, at time.Time) {
	login := d.people[d.byName[name]].login
	p := &in.Step.People[slices.IndexFunc(in.Step.People, func(p Place) bool { return p.Login == login })]
	p.SubmittedAt, p.Option = at, in.Step.Options[0].ID
}
