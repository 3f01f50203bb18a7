package sandbox

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
