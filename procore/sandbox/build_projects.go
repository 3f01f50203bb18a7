package sandbox

import (
	"slices"

	"procore-assignee-sync/procore"
)

// addTemplates adds the templates that the options ask for.
func (b *builder) addTemplates(o SampleOptions, slots []slot) {
	for i := range o.Templates {
		b.addTemplate(templateNamed(i), procore.ProviderProject, slots, slotsOf(i, o.Groups, len(slots)))
	}
	if o.Plain {
		return
	}
	b.addTemplate(siteInstructions, procore.ProviderProject, slots, slotsOf(o.Templates, min(o.Groups, 2), len(slots)))
	var companyWide []int
	for i := range slots {
		if !slots[i].onProjects && len(companyWide) < 2 {
			companyWide = append(companyWide, i)
		}
	}
	b.addTemplate(vendorOnboarding, procore.ProviderCompany, slots, companyWide)
}

// addProjects adds the projects, the hidden ones last.
func (b *builder) addProjects(o SampleOptions) {
	for i := range o.Projects + o.Hidden {
		b.addProject(projectNumber(i), projectName(i))
		if i >= o.Projects {
			b.company.Projects[i].Visibility = Hidden
		}
	}
}

func (b *builder) addProject(number, name string) {
	n := len(b.company.Projects)
	b.projectAt[procore.ProjectID(id(kindProject, n))] = n
	b.company.Projects = append(b.company.Projects, Project{ID: procore.ProjectID(id(kindProject, n)), Number: number, Name: name})
}

// addProjectsToSkip adds projects that are not to be read: one that ended, one for demonstration, one to copy from.
func (b *builder) addProjectsToSkip() {
	b.addProject("19-044", "Old Mill Renovation")
	b.addProject("", "Procore Demo Project")
	b.addProject("", "Standard Building Project")
	skip := b.company.Projects[len(b.company.Projects)-3:]
	skip[0].Inactive, skip[1].Demo, skip[2].Template = true, true, true
}

// fillProjects puts everyone into the directory of the projects on which they have or had a job.
func (b *builder) fillProjects(slots []slot) {
	var companyWide []procore.LoginID
	for i := range slots {
		companyWide = b.appendLogins(companyWide, slots[i].now, slots[i].before)
	}
	slices.SortFunc(companyWide, procore.CompareIDs)
	companyWide = slices.Compact(companyWide)
	for p := range b.company.Projects {
		people := companyWide[:len(companyWide):len(companyWide)]
		for i := range slots {
			if slots[i].onProjects {
				people = b.appendLogins(people, slots[i].onSite[p].now, slots[i].onSite[p].before)
			}
		}
		b.company.Projects[p].People = b.appendLogins(people, b.outsiders, []person{b.formerEstimator})
	}
}

func (b *builder) appendLogins(to []procore.LoginID, lists ...[]person) []procore.LoginID {
	for _, list := range lists {
		for _, who := range list {
			if !b.people[who].noAccount {
				to = append(to, b.people[who].login)
			}
		}
	}
	return to
}

// addPresets gives every project a preset of every project-level template, and the company one of each other.
func (b *builder) addPresets(o SampleOptions, slots []slot) {
	for t := range b.templates {
		if b.templates[t].onSite {
			continue
		}
		b.addPreset(t, -1, o, slots)
	}
	for p := range b.company.Projects {
		for t := range b.templates {
			if b.templates[t].onSite {
				b.addPreset(t, p, o, slots)
			}
		}
	}
	if !o.Plain {
		b.addProjectsToSkip()
	}
}

// addPreset adds one preset with the people whom Procore knew before HR moved on.
func (b *builder) addPreset(template, project int, o SampleOptions, slots []slot) {
	t := &b.templates[template]
	n := len(b.company.Presets)
	p := Preset{Template: b.company.Templates[t.at].ID, Default: template < len(templateKinds), UpdatedAt: longAgo}
	p.PresetRef.Preset = procore.PresetID(id(kindPreset, n))
	if project >= 0 {
		p.Project = b.company.Projects[project].ID
	}
	bits := firstBits(int(b.seed), template, project)
	odd := !o.Plain && project >= 0
	p.Memberships = make([]procore.GroupWrite, 0, len(t.groups)+1)
	people := make([]procore.LoginID, 0, 2*len(t.groups))
	add := func(uuid procore.GroupUUID, who ...person) {
		from := len(people)
		people = b.appendLogins(people, who)
		p.Memberships = append(p.Memberships, procore.GroupWrite{UUID: uuid, LoginIDs: people[from:len(people):len(people)]})
	}
	add(t.groups[0])
	for i, s := range t.slots {
		if odd && !o.InSync && i > 0 && i == len(t.slots)-1 && bits%29 == 0 {
			continue // the preset was never given this group
		}
		_, before := slots[s].in(project)
		add(t.groups[i+1], before...)
	}
	add(t.groups[len(t.groups)-2], b.outsiders[(project+1)%len(b.outsiders)])
	if project%2 == 0 {
		add(t.groups[len(t.groups)-1], b.outsiders[(project+2)%len(b.outsiders)])
	} else {
		add(t.groups[len(t.groups)-1])
	}
	if odd && bits%23 == 1 {
		add(t.old, b.formerEstimator)
	}
	if len(people) > 0 {
		p.Manager = people[0]
		p.Individual = []procore.IndividualAssignees{{Step: t.stepOne, Logins: []procore.StepLogin{
			{ID: people[0], Required: true, RoleType: "responder"},
		}}}
	}
	b.company.Presets = append(b.company.Presets, p)
}
