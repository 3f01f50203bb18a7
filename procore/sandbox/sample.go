package sandbox

import "procore-assignee-sync/procore"

// SampleOptions say what company to make up. The same options give the same bytes.
type SampleOptions struct {
	Seed      int64
	Projects  int // 6 where zero
	Templates int // project-level templates, 3 where zero; each has a preset in every project
	Groups    int // groups that the role map fills in each template, 4 where zero
	Rows      int // HR rows at least; rows of field crews, who fill no group, make up the number

	// Hidden projects are invisible to the service account; they come on top of Projects and have presets too.
	Hidden int

	// Plain leaves out the company-level template, the correspondence template and everything odd: leftover and missing
	// groups, people whom Procore does not know or does not admit, projects that are not to be read.
	Plain bool

	// InSync makes HR equal to the presets but for Drift, the share of presets (0 to 1) that each differ by one person.
	InSync bool
	Drift  float64
}

// Sample is a company in the simulated Procore with the HR data that belongs to it.
type Sample struct {
	Company    *Company
	HRCSV      []byte // canonical columns
	RoleMapCSV []byte // template,group,team,role
}

// NewSample makes up a construction company and its HR data. Unless InSync is set they differ as they do in life: people
// joined, left and moved; and, unless Plain is set, one is unknown to Procore, one lacks access to a tool, and one left
// a group with nobody else in it. Removals stay well under the default limits.
func NewSample(o SampleOptions) *Sample {
	o = o.withDefaults()
	b := newBuilder(o.Seed, "Harborline Builders")
	slots := makeSlots(o)
	b.addTemplates(o, slots)
	b.addProjects(o)
	b.staff(slots)
	if !o.InSync {
		b.happen(o, slots)
	}
	b.hireOthers(o)
	b.writeHR(o, slots)
	b.fillProjects(slots)
	b.addPresets(o, slots)
	if o.InSync {
		b.drift(o.Drift)
	}
	return b.sample()
}

func (o SampleOptions) withDefaults() SampleOptions {
	for _, d := range []struct {
		value     *int
		otherwise int
	}{{&o.Projects, 6}, {&o.Templates, 3}, {&o.Groups, 4}} {
		if *d.value <= 0 {
			*d.value = d.otherwise
		}
	}
	return o
}

// slot is a kind of job: a team and role in HR, and the group that it fills.
type slot struct {
	position
	used   bool       // some template asks for it; nobody has a job that none asks for
	now    []person   // company-wide: who has it, by HR
	before []person   // company-wide: who has it, by Procore
	onSite []siteJobs // by project, for jobs on single projects
}

// siteJobs is who has a job on one project.
type siteJobs struct{ now, before []person }

// person is a place among the builder's people.
type person int

// makeSlots gives the jobs that the templates' groups ask for.
func makeSlots(o SampleOptions) []slot {
	slots := make([]slot, max(len(positions), o.Groups))
	for i := range slots {
		slots[i].position = positions[i%len(positions)].nth(i / len(positions))
		if slots[i].onProjects {
			slots[i].onSite = make([]siteJobs, o.Projects+o.Hidden)
		}
	}
	return slots
}

// use marks the jobs that some template asks for.
func use(slots []slot, of []int) []int {
	for _, i := range of {
		slots[i].used = true
	}
	return of
}

// slotsOf gives the jobs whose groups a template has.
func slotsOf(template, groups, slots int) []int {
	of := make([]int, groups)
	for i := range of {
		of[i] = (template*2 + i) % slots
	}
	return of
}

// in gives who has a job on a project, by HR and by Procore; project -1 is the company.
func (s *slot) in(project int) (now, before []person) {
	if !s.onProjects {
		return s.now, s.before
	}
	if project < 0 {
		return nil, nil
	}
	return s.onSite[project].now, s.onSite[project].before
}

// staff gives every job to people, the same in HR and in Procore.
func (b *builder) staff(slots []slot) {
	for i := range slots {
		s := &slots[i]
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

// happen lets HR move on while Procore stays as it was.
func (b *builder) happen(o SampleOptions, slots []slot) {
	for i := range slots {
		s := &slots[i]
		if s.used {
			for p := range s.onSite {
				b.happenOnSite(s, p)
			}
		}
		switch {
		case s.onProjects, !s.used:
		case i%3 == 1: // someone left, and someone came
			b.leave(s.before[0])
			s.now = append([]person{b.hire(s.title)}, s.before[1:]...)
		case i%3 == 2:
			s.now = append([]person{b.hire(s.title)}, s.before...)
		}
	}
	if !o.Plain {
		b.happenOddly(o, slots)
	}
}

// happenOnSite changes who has a job on one project, here and there.
func (b *builder) happenOnSite(s *slot, project int) {
	jobs := &s.onSite[project]
	switch b.random.IntN(20) {
	case 0: // left for good, someone new came
		gone := jobs.before[0]
		if b.people[gone].left {
			return
		}
		b.leave(gone)
		next := b.hire(s.title)
		for p := range s.onSite {
			s.onSite[p].now = replaced(s.onSite[p].now, gone, next)
		}
	case 1: // moved to another project
		other := (project + 1) % len(s.onSite)
		mover := jobs.now[0]
		if len(s.onSite) < 2 || b.people[mover].left || contains(s.onSite[other].now, mover) {
			return
		}
		jobs.now = replaced(jobs.now, mover, b.hire(s.title))
		s.onSite[other].now = append(s.onSite[other].now[:len(s.onSite[other].now):len(s.onSite[other].now)], mover)
	case 2: // someone came on top
		jobs.now = append(jobs.now[:len(jobs.now):len(jobs.now)], b.hire(s.title))
	}
}

// happenOddly makes what the job must report and leave alone.
func (b *builder) happenOddly(o SampleOptions, slots []slot) {
	for i := range slots {
		if s := &slots[i]; s.used && !s.onProjects { // new, and without a Procore account yet
			stranger := b.hire(s.title)
			b.people[stranger].noAccount = true
			s.now = append(s.now[:len(s.now):len(s.now)], stranger)
			break
		}
	}
	for i := range slots {
		if s := &slots[i]; s.used && s.onProjects { // new on a project, and without access to its first tool
			outsider := b.hire(s.title)
			jobs := &s.onSite[0]
			jobs.now = append(jobs.now[:len(jobs.now):len(jobs.now)], outsider)
			b.denied = append(b.denied, denial{0, b.company.Templates[0].Tool, outsider})
			break
		}
	}
	for i := range slots {
		if s := &slots[len(slots)-1-i]; s.used && s.onProjects && o.Projects > 1 { // the last one left, and nobody came
			b.abandon(s, o.Projects-1)
			break
		}
	}
}

// abandon lets everyone leave who has a job on one project, with nobody to follow there.
func (b *builder) abandon(s *slot, project int) {
	for _, gone := range s.onSite[project].now {
		b.leave(gone)
		for p := range s.onSite {
			if p != project && contains(s.onSite[p].now, gone) {
				s.onSite[p].now = replaced(s.onSite[p].now, gone, b.hire(s.title))
			}
		}
	}
	s.onSite[project].now = nil
}

func contains(people []person, who person) bool {
	for _, p := range people {
		if p == who {
			return true
		}
	}
	return false
}

// replaced gives the people with one in place of another, each once.
func replaced(people []person, gone, next person) []person {
	if !contains(people, gone) {
		return people
	}
	kept := make([]person, 0, len(people))
	for _, p := range people {
		if p == gone {
			p = next
		}
		if !contains(kept, p) {
			kept = append(kept, p)
		}
	}
	return kept
}

// drift makes a share of the presets differ from HR by one person each: one is missing, or one who left is still there.
func (b *builder) drift(share float64) {
	var presets []*Preset
	for i := range b.company.Presets {
		p := &b.company.Presets[i]
		if at, ok := b.projectAt[p.Project]; !ok || b.company.Projects[at].Visibility == Visible {
			presets = append(presets, p)
		}
	}
	differ := int(share*float64(len(presets)) + 0.5)
	if differ == 0 {
		return
	}
	gone := b.formerEstimator
	for i, at := range b.random.Perm(len(presets))[:differ] {
		p := presets[at]
		g := &p.Memberships[1] // the first managed group
		if i%2 == 0 && len(g.LoginIDs) > 0 {
			g.LoginIDs = g.LoginIDs[: len(g.LoginIDs)-1 : len(g.LoginIDs)-1]
			continue
		}
		g.LoginIDs = append(append([]procore.LoginID{}, g.LoginIDs...), b.people[gone].login)
	}
}
