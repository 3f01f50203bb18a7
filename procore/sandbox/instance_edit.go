package sandbox

import (
	"fmt"
	"slices"
	"strconv"

	"procore-assignee-sync/procore"
)

// Instances returns a deep copy of all workflows, running and ended, as they are now, ordered by project and id.
func (s *Server) Instances() []Instance {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]Instance, len(s.company.Instances))
	for i, in := range s.company.Instances {
		all[i] = in.clone()
	}
	return all
}

// Instance returns a deep copy of one workflow as it is now, and whether there is one.
func (s *Server) Instance(ref procore.InstanceRef) (Instance, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index.instance(s.company, ref)
	if !ok {
		return Instance{}, false
	}
	return s.company.Instances[at].clone(), true
}

// InstanceWrites returns every applied invitation and response in the order in which they were applied.
func (s *Server) InstanceWrites() []InstanceWrite {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.onRuns)
}

// InstanceEdits returns every change of a workflow that no request made, in order.
func (s *Server) InstanceEdits() []InstanceEdit {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.byHand)
}

// EditInstance changes one workflow as somebody would by hand; it is recorded separately from what requests write. It
// reports whether there is such a workflow.
func (s *Server) EditInstance(ref procore.InstanceRef, change func(*Instance)) bool {
	return s.editInstance(ref, func(in *Instance) error { change(in); return nil }) == nil
}

func (s *Server) editInstance(ref procore.InstanceRef, change func(*Instance) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.index.instance(s.company, ref)
	if !ok {
		return fmt.Errorf("there is no workflow %s", ref.Instance)
	}
	before := s.company.Instances[at]
	draft := before.clone()
	draft.UpdatedAt = s.opts.Now()
	if err := change(&draft); err != nil {
		return err
	}
	after := draft.clone() // so that keeping the draft changes nothing here
	after.InstanceRef = before.InstanceRef
	s.company.Instances[at] = after
	s.recordInstanceEdit(before, after)
	return nil
}

// recordInstanceEdit appends to the edits; the caller holds the lock.
func (s *Server) recordInstanceEdit(before, after Instance) {
	s.changes++
	s.byHand = append(s.byHand, InstanceEdit{Seq: s.changes, Time: s.opts.Now(), Ref: after.InstanceRef, Before: before, After: after})
}

// Start starts a workflow from a preset as it is now, copying the preset's people. by is the person who starts it.
func (s *Server) Start(ref procore.PresetRef, by procore.LoginID) (procore.InstanceRef, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.index.preset(s.company, ref)
	if !ok {
		return procore.InstanceRef{}, fmt.Errorf("there is no preset %s", ref.Preset)
	}
	p := s.company.Presets[at]
	template := s.index.template(s.company, p.Template)
	if template == nil || s.version(template.Published) == nil {
		return procore.InstanceRef{}, fmt.Errorf("preset %s has no published version", ref.Preset)
	}
	newest := int64(0)
	for _, in := range s.company.Instances {
		newest = max(newest, number(in.InstanceRef.Instance))
	}
	if newest == 0 {
		newest = number(procore.InstanceID(id(kindInstance, 0)))
	}
	in := begin(s.version(template.Published), p.clone(), procore.InstanceID(strconv.FormatInt(newest+1, 10)), by, s.opts.Now())
	in.Tool = template.Tool
	in.Item = procore.ItemID(id(kindItem, len(s.company.Instances)))
	s.company.Instances = append(s.company.Instances, in)
	s.index.addInstances(s.company)
	s.recordInstanceEdit(Instance{}, in)
	return in.InstanceRef, nil
}

// Advance moves a workflow on to its next step, no matter who still has to respond. After the last step it has ended.
func (s *Server) Advance(ref procore.InstanceRef) error {
	return s.editInstance(ref, func(in *Instance) error {
		if in.Ended() {
			return fmt.Errorf("workflow %s has ended", ref.Instance)
		}
		in.moveOn(s.version(in.Version), in.UpdatedAt)
		return nil
	})
}

// End terminates a workflow.
func (s *Server) End(ref procore.InstanceRef) error {
	return s.editInstance(ref, func(in *Instance) error {
		if in.Ended() {
			return fmt.Errorf("workflow %s has ended", ref.Instance)
		}
		in.Step, in.EndedAt = nil, in.UpdatedAt
		return nil
	})
}

// AnswerAs responds to a workflow's current step as a person, who must be on it and must not have responded. The
// workflow moves on if the step is waiting for nobody any more.
func (s *Server) AnswerAs(ref procore.InstanceRef, login procore.LoginID, option procore.ResponseOptionID, comment string) error {
	return s.editInstance(ref, func(in *Instance) error {
		return in.answer(s.version(in.Version), login, option, comment, in.UpdatedAt)
	})
}

// Lose removes a person from a workflow: from its current step and from its copy of the groups.
func (s *Server) Lose(ref procore.InstanceRef, login procore.LoginID) error {
	return s.editInstance(ref, func(in *Instance) error {
		if in.Step != nil {
			in.Step.People = slices.DeleteFunc(in.Step.People, func(p Place) bool { return p.Login == login })
		}
		for i, g := range in.Memberships {
			in.Memberships[i].LoginIDs = slices.DeleteFunc(g.LoginIDs, func(id procore.LoginID) bool { return id == login })
		}
		for i, on := range in.Individual {
			in.Individual[i].Logins = slices.DeleteFunc(on.Logins, func(l procore.StepLogin) bool { return l.ID == login })
		}
		return nil
	})
}
