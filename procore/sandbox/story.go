package sandbox

import "procore-assignee-sync/procore"

// happen makes HR change while Procore stays as it was.
func (b *builder) happen(o SampleOptions, posts []post) {
	for i := range posts {
		s := &posts[i]
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
		b.happenOddly(o, posts)
	}
}

// happenOnSite sometimes changes who has a job on a project.
func (b *builder) happenOnSite(s *post, project int) {
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

// happenOddly adds cases that the job must report and leave alone.
func (b *builder) happenOddly(o SampleOptions, posts []post) {
	for i := range posts {
		if s := &posts[i]; s.used && !s.onProjects { // new, and without a Procore account yet
			stranger := b.hire(s.title)
			b.people[stranger].noAccount = true
			s.now = append(s.now[:len(s.now):len(s.now)], stranger)
			break
		}
	}
	for i := range posts {
		if s := &posts[i]; s.used && s.onProjects { // new on a project, and without access to its first tool
			outsider := b.hire(s.title)
			jobs := &s.onSite[0]
			jobs.now = append(jobs.now[:len(jobs.now):len(jobs.now)], outsider)
			b.denied = append(b.denied, denial{0, b.company.Templates[0].Tool, outsider})
			break
		}
	}
	for i := range posts {
		if s := &posts[len(posts)-1-i]; s.used && s.onProjects && o.Projects > 1 { // the last one left, and nobody came
			b.abandon(s, o.Projects-1)
			break
		}
	}
}

// abandon makes everyone leave who has a job on one project, with nobody to follow there.
func (b *builder) abandon(s *post, project int) {
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

// replaced returns people with gone replaced by next, each person once.
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

// drift makes a share of the presets differ from HR by one person each: one is missing, or one who has left is still
// there.
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
