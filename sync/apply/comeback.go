package apply

import (
	"fmt"
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// leaveOutWhoCantComeBack drops those who are to be put back but may not be assigned there any more, and adds an
// exception for each, because Procore would refuse the whole preset for one of them. If it is not known who may be
// assigned, the whole preset is left out.
func (r *rollback) leaveOutWhoCantComeBack(p *sync.PresetPlan, names labels) {
	scope, known := scopeOf(p)
	if !known || !slices.ContainsFunc(p.Groups, someoneComes) {
		return
	}
	list, read := r.in.Possible[scope]
	if !read {
		p.Groups = nil
		if slices.ContainsFunc(r.in.Unreadable, func(u sync.Unreadable) bool { return u.Possible != nil && *u.Possible == scope }) {
			return // one exception, for the list
		}
		r.plan.Exceptions = append(r.plan.Exceptions, sync.Exception{
			Kind: sync.UnreadableKind, Subject: p.Subject(), TemplateName: p.TemplateName, Project: p.Ref.Project, Incomplete: true,
			Detail: "who may be assigned there could not be read, so nothing is put back in it: try the rollback again",
		})
		return
	}
	possible := map[procore.LoginID]bool{}
	for _, who := range list {
		possible[who.ID] = true
	}
	r.leaveOut(p, names, func(_ sync.GroupPlan, id procore.LoginID) *sync.Exception {
		if possible[id] {
			return nil
		}
		return &sync.Exception{
			Kind: sync.NotAssignable,
			Detail: fmt.Sprintf("was in the group before run %s and can't be put back, since they are not among the possible assignees "+
				"of %s in %s now: the others are put back; give them access to the tool, then put them back by hand",
				r.in.Run.ID, p.Tool, p.Place()),
		}
	})
}

// leaveOut drops those of the people to be put back for whom why gives a reason, and adds an exception for each. A
// group in which nothing is left to do is dropped too.
func (r *rollback) leaveOut(p *sync.PresetPlan, names labels, why func(sync.GroupPlan, procore.LoginID) *sync.Exception) {
	var groups []sync.GroupPlan
	for _, g := range p.Groups {
		there := sync.LoginSet(g.Before)
		g.After = slices.DeleteFunc(slices.Clone(g.After), func(id procore.LoginID) bool {
			if there[id] {
				return false
			}
			e := why(g, id)
			if e == nil {
				return false
			}
			e.Subject, e.TemplateName, e.GroupName, e.Project, e.Incomplete = names.one(id), p.TemplateName, g.Name, p.Ref.Project, true
			r.plan.Exceptions = append(r.plan.Exceptions, *e)
			return true
		})
		if !sync.SameLogins(g.Before, g.After) {
			groups = append(groups, g)
		}
	}
	p.Groups = groups
}

func someoneComes(g sync.GroupPlan) bool {
	there := sync.LoginSet(g.Before)
	return slices.ContainsFunc(g.After, func(id procore.LoginID) bool { return !there[id] })
}
