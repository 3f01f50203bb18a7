package sandbox

import (
	"slices"

	"procore-assignee-sync/procore"
)

// addTemplates adds the templates that the options ask for.
func (b *builder) addTemplates(o SampleOptions, posts []post) {
	for i := range o.Templates {
		b.addTemplate(templateNamed(i), procore.ProviderProject, posts, postsOf(i, o.Groups, len(posts)))
	}
	if o.Plain {
		return
	}
	b.addTemplate(siteInstructions, procore.ProviderProject, posts, postsOf(o.Templates, min(o.Groups, 2), len(posts)))
	var companyWide []int
	for i := range posts {
		if !posts[i].onProjects && len(companyWide) < 2 {
			companyWide = append(companyWide, i)
		}
	}
	b.addTemplate(vendorOnboarding, procore.ProviderCompany, posts, companyWide)
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

// addProjectsToSkip adds projects that must not be read: a closed one, a demonstration project, and a project template.
func (b *builder) addProjectsToSkip() {
	b.addProject("19-044", "Old Mill Renovation")
	b.addProject("", "Procore Demo Project")
	b.addProject("", "Standard Building Project")
	skip := b.company.Projects[len(b.company.Projects)-3:]
	skip[0].Inactive, skip[1].Demo, skip[2].Template = true, true, true
}

// fillProjects puts everyone into the directory of the projects on which they have or had a job.
func (b *builder) fillProjects(posts []post) {
	var companyWide []procore.LoginID
	for i := range posts {
		companyWide = b.appendLogins(companyWide, posts[i].now, posts[i].before)
	}
	slices.SortFunc(companyWide, procore.CompareIDs)
	companyWide = slices.Compact(companyWide)
	for p := range b.company.Projects {
		people := companyWide[:len(companyWide):len(companyWide)]
		for i := range posts {
			if posts[i].onProjects {
				people = b.appendLogins(people, posts[i].onSite[p].now, posts[i].onSite[p].before)
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

// addPresets gives every project a preset of every project-level template, and the company a preset of every other one.
func (b *builder) addPresets(o SampleOptions, posts []post) {
	for t := range b.templates {
		if b.templates[t].onSite {
			continue
		}
		b.addPreset(t, -1, o, posts)
	}
	for p := range b.company.Projects {
		for t := range b.templates {
			if b.templates[t].onSite {
				b.addPreset(t, p, o, posts)
			}
		}
	}
	if !o.Plain {
		b.addProjectsToSkip()
	}
}

// addPreset adds one preset with the people in Procore before HR changed.
func (b *builder) addPreset(template, project int, o SampleOptions, posts []post) {
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
	for i, s := range t.posts {
		if odd && !o.InSync && i > 0 && i == len(t.posts)-1 && bits%29 == 0 {
			continue // the preset was never given this group
		}
		_, before := posts[s].in(project)
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

// post is a kind of job: a team and role in HR, and the group that they fill.
type post struct {
	position
	used   bool       // some template needs it; nobody has a job that none needs
	now    []person   // company-wide: who has it, according to HR
	before []person   // company-wide: who has it, according to Procore
	onSite []siteJobs // by project, for jobs on single projects
}

// siteJobs is who has a job on one project.
type siteJobs struct{ now, before []person }

// person is an index into the builder's people.
type person int

// makePosts returns the jobs that the templates' groups need.
func makePosts(o SampleOptions) []post {
	posts := make([]post, max(len(positions), o.Groups))
	for i := range posts {
		posts[i].position = positions[i%len(positions)].nth(i / len(positions))
		if posts[i].onProjects {
			posts[i].onSite = make([]siteJobs, o.Projects+o.Hidden)
		}
	}
	return posts
}

// use marks the jobs that some template needs.
func use(posts []post, of []int) []int {
	for _, i := range of {
		posts[i].used = true
	}
	return of
}

// postsOf returns the jobs whose groups a template has.
func postsOf(template, groups, posts int) []int {
	of := make([]int, groups)
	for i := range of {
		of[i] = (template*2 + i) % posts
	}
	return of
}

// in returns who has a job on a project, according to HR and to Procore; project -1 is the company.
func (s *post) in(project int) (now, before []person) {
	if !s.onProjects {
		return s.now, s.before
	}
	if project < 0 {
		return nil, nil
	}
	return s.onSite[project].now, s.onSite[project].before
}

// staff fills every job with people, the same in HR and in Procore.
func (b *builder) staff(posts []post) {
	for i := range posts {
		s := &posts[i]
		if !s.used {
			continue
		}
		if !s.onProjects {
			for range 3 + b.random.IntN(3) {
				s.now = append(s.now, b.hire(s.title))
			}
			s.before = s.now
			continue
		}
		pool := make([]person, 2+len(s.onSite)*2/3)
		for j := range pool {
			pool[j] = b.hire(s.title)
		}
		for p := range s.onSite {
			first := b.random.IntN(len(pool))
			s.onSite[p].now = []person{pool[first]}
			if b.random.IntN(3) == 0 {
				s.onSite[p].now = append(s.onSite[p].now, pool[(first+1)%len(pool)])
			}
			s.onSite[p].before = s.onSite[p].now
		}
	}
}
