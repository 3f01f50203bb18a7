package sandbox

import (
	"math/rand/v2"
	"slices"

	"procore-assignee-sync/procore"
)

// editByHand changes a preset as somebody would in Procore's own pages.
func (s *Server) editByHand(c *call, f Fault) {
	if f.Edit != nil {
		f.Edit(s, c.Request)
		return
	}
	random := f.draw(c.fingerprint(), 0)
	run := procore.InstanceRef{Project: procore.ProjectID(c.ids.project), Instance: procore.InstanceID(c.ids.id)}
	if in, ok := s.Instance(run); ok && c.op.isOfInstance() {
		s.editInstanceByHand(in, random)
		return
	}
	ref, ok := s.presetToEdit(c, random)
	if !ok {
		return
	}
	newcomer := s.someoneFor(ref, random)
	s.Edit(ref, func(p *Preset) {
		if len(p.Memberships) == 0 {
			return
		}
		g := &p.Memberships[random.IntN(len(p.Memberships))]
		if len(g.LoginIDs) > 0 && random.IntN(2) == 0 {
			at := random.IntN(len(g.LoginIDs))
			g.LoginIDs = slices.Delete(slices.Clone(g.LoginIDs), at, at+1)
		} else if newcomer != "" && !slices.Contains(g.LoginIDs, newcomer) {
			g.LoginIDs = append(slices.Clone(g.LoginIDs), newcomer)
		}
	})
}

// editInstanceByHand makes something happen to a running workflow: it moves on, is answered, loses somebody or ends. A
// workflow that has ended stays as it is.
func (s *Server) editInstanceByHand(in Instance, random *rand.Rand) {
	if in.Step == nil || len(in.Step.People) == 0 || len(in.Step.Options) == 0 {
		return
	}
	who := in.Step.People[random.IntN(len(in.Step.People))]
	option := in.Step.Options[random.IntN(len(in.Step.Options))].ID
	// Another request may have been faster; nothing happens here then.
	switch what := random.IntN(8); {
	case what < 3:
		_ = s.Advance(in.InstanceRef)
	case what < 6 && who.Open():
		_ = s.AnswerAs(in.InstanceRef, who.Login, option, "")
	case what < 7:
		_ = s.Lose(in.InstanceRef, who.Login)
	default:
		_ = s.End(in.InstanceRef)
	}
}

// presetToEdit returns the preset that a request is about, or else any.
func (s *Server) presetToEdit(c *call, random *rand.Rand) (procore.PresetRef, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ref := procore.PresetRef{Project: procore.ProjectID(c.ids.project), Preset: procore.PresetID(c.ids.id)}
	if _, ok := s.index.preset(s.company, ref); ok {
		return ref, true
	}
	if len(s.company.Presets) == 0 {
		return ref, false
	}
	return s.company.Presets[random.IntN(len(s.company.Presets))].PresetRef, true
}

// someoneFor returns a possible assignee of a preset, or nothing if there is none.
func (s *Server) someoneFor(ref procore.PresetRef, random *rand.Rand) procore.LoginID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index.preset(s.company, ref)
	if !ok {
		return ""
	}
	scope := procore.AssigneeScope{Project: ref.Project}
	if t := s.index.template(s.company, s.company.Presets[at].Template); t != nil {
		scope.Tool = t.Tool
	}
	people := s.index.possible(s.company, scope)
	if len(people) == 0 {
		return ""
	}
	return s.company.Users[people[random.IntN(len(people))]].ID
}
