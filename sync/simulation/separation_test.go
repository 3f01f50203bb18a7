package simulation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
)

// apartRule is one row of SYNC_SEPARATION.
type apartRule struct{ template, group, other string }

// makeSeparation gives some worlds groups that nobody may sit in both of.
func (w *world) makeSeparation() {
	if w.later.IntN(100) >= 35 {
		return
	}
	for range 1 + w.later.IntN(3) {
		r := apartRule{"*", fmt.Sprintf("GROUP-%d", w.later.IntN(groupNames)), fmt.Sprintf("group %d", w.later.IntN(groupNames))}
		if w.later.IntN(4) == 0 {
			r.template = w.company.Templates[w.later.IntN(len(w.company.Templates))].Name
		}
		if r.group[len(r.group)-1] != r.other[len(r.other)-1] {
			w.apart = append(w.apart, r)
		}
	}
}

// separation is what SYNC_SEPARATION holds; nil: it is not set.
func (t *truth) separation() (*planner.Separation, error) {
	if len(t.apart) == 0 {
		return nil, nil //nolint:nilnil // so it is where there is no such file
	}
	var b strings.Builder
	b.WriteString("template,group,other\n")
	for _, r := range t.apart {
		fmt.Fprintf(&b, "%s,%s,%s\n", r.template, r.group, r.other)
	}
	return planner.ReadSeparation("apart.csv", strings.NewReader(b.String()))
}

// apartFrom is a naive reading of SYNC_SEPARATION: the groups of a version that a rule keeps apart from one of them.
func (t *truth) apartFrom(tmpl sandbox.Template, v sandbox.Version, uuid procore.GroupUUID) []procore.GroupUUID {
	at := slices.IndexFunc(v.Groups, func(g procore.ResponsibleGroup) bool { return g.UUID == uuid })
	if at < 0 {
		return nil
	}
	var others []procore.GroupUUID
	for _, r := range t.apart {
		a, b := "Group "+r.group[len(r.group)-1:], "Group "+r.other[len(r.other)-1:]
		for _, g := range v.Groups {
			if (r.template == "*" || r.template == tmpl.Name) && (v.Groups[at].Name == a && g.Name == b || v.Groups[at].Name == b && g.Name == a) {
				others = append(others, g.UUID)
			}
		}
	}
	return others
}

// comeToBoth gives who sits in two groups that are kept apart, and did not sit in both before.
func (t *truth) comeToBoth(template procore.TemplateID, published procore.VersionID, before, after []procore.GroupWrite) []string {
	tmpl, v := t.template(template), t.version(published)
	var found []string
	for _, g := range after {
		for _, other := range t.apartFrom(tmpl, v, g.UUID) {
			for _, id := range keepOnly(g.LoginIDs, peopleIn(after, other)) {
				if !slices.Contains(peopleIn(before, g.UUID), id) {
					found = append(found, fmt.Sprintf("%s comes to group %s and is in group %s", id, g.UUID, other))
				}
			}
		}
	}
	return found
}

// checkPlannedApart: no plan makes a pair that is kept apart.
func (s *simulation) checkPlannedApart(n *night) []string {
	var breaches []string
	for _, p := range n.rec.Plan.Presets {
		if fresh := n.planned[p.Ref]; fresh != nil && p.Changed() {
			for _, who := range n.truth.comeToBoth(p.TemplateID, p.VersionID, fresh.groups(), p.Write) {
				breaches = append(breaches, fmt.Sprintf("preset %s: by the plan %s, which are kept apart", p.Ref.Preset, who))
			}
		}
	}
	return breaches
}

// checkKeptOut: who is left out of a group since they may not sit in another one too sits in such a group, or would.
func (s *simulation) checkKeptOut(n *night) []string {
	var breaches []string
	for _, c := range n.rec.Changes {
		fresh := n.planned[c.Ref()]
		if !isKeptOut(c) || fresh == nil || n.saved != nil {
			continue
		}
		s.tally.add("people left out for a separation")
		person, _ := n.truth.user(c.LoginID)
		tmpl, v := n.truth.template(c.TemplateID), n.truth.version(c.VersionID)
		if !slices.ContainsFunc(n.truth.apartFrom(tmpl, v, c.GroupUUID), func(other procore.GroupUUID) bool {
			return slices.Contains(peopleIn(fresh.groups(), other), c.LoginID) || n.truth.maySit(person, tmpl, v, other, c.Project)
		}) {
			breaches = append(breaches, fmt.Sprintf("preset %s: %s is left out of group %s, and nothing that is kept apart from it has or gets them",
				c.Preset, c.LoginID, c.GroupUUID))
		}
	}
	return breaches
}

// isKeptOut says whether a change is left out since the group is kept apart from another.
func isKeptOut(c sync.Change) bool {
	return c.Status == sync.Held && c.Reason.Hold == sync.HeldSeparation
}

// maySit says whether HR puts the person into a managed group.
func (t *truth) maySit(person int, tmpl sandbox.Template, v sandbox.Version, uuid procore.GroupUUID, project procore.ProjectID) bool {
	g, managed := t.managed(tmpl, v, uuid)
	return managed && t.belongs(person, tmpl, g, project)
}

// keptOut says whether somebody may not come to a group, since they sit in one that is kept apart from it, or HR puts
// them there too.
func (t *truth) keptOut(p sandbox.Preset, tmpl sandbox.Template, uuid procore.GroupUUID, person int) bool {
	v := t.version(tmpl.Published)
	return slices.ContainsFunc(t.apartFrom(tmpl, v, uuid), func(other procore.GroupUUID) bool {
		return slices.Contains(peopleIn(p.Memberships, other), t.company.Users[person].ID) || t.maySit(person, tmpl, v, other, p.Project)
	})
}

// isBack says whether a rollback leaves exactly those in a group who can be there again, but for some whom the run kept
// apart from another group: they are there now, or were there before it.
func (s *simulation) isBack(n *night, ref procore.PresetRef, fresh *reading, group procore.GroupUUID, want, will []procore.LoginID) bool {
	apart := n.truth.apartFrom(n.truth.template(fresh.Template.ID), n.truth.version(fresh.Template.Published), group)
	return len(keepOnly(will, want)) == len(will) && !slices.ContainsFunc(want, func(id procore.LoginID) bool {
		return !slices.Contains(will, id) && !slices.ContainsFunc(apart, func(other procore.GroupUUID) bool {
			return slices.Contains(peopleIn(fresh.groups(), other), id) || slices.Contains(n.undoes.touched[ref][other], id)
		})
	})
}

// checkInBoth: at rest, who sits in two groups that are kept apart is told.
func (s *simulation) checkInBoth(n *night) []string {
	var breaches []string
	for _, p := range s.seen(n) {
		t := n.truth.template(p.Template)
		for _, g := range p.Memberships {
			for _, other := range n.truth.apartFrom(t, n.truth.version(t.Published), g.UUID) {
				for _, id := range keepOnly(g.LoginIDs, peopleIn(p.Memberships, other)) {
					s.tally.add("people who sit in two groups that are kept apart")
					_, u := n.truth.user(id)
					if !slices.ContainsFunc(n.rec.Exceptions, func(e sync.Exception) bool { return e.Kind == sync.Separation && e.Subject == u.Login }) {
						breaches = append(breaches, fmt.Sprintf("preset %s: %s sits in groups %s and %s, which are kept apart, and nobody is told",
							p.PresetRef.Preset, u.Login, g.UUID, other))
					}
				}
			}
		}
	}
	return breaches
}

// joining puts somebody into a group that is kept apart from another, in the preset that is being read.
func (s *simulation) joining() func(*sandbox.Server, sandbox.Request) {
	seed := s.later.Uint64()
	return func(server *sandbox.Server, r sandbox.Request) {
		rnd := rand.New(rand.NewPCG(seed, uint64(r.Seq)))
		who := s.company.Users[rnd.IntN(len(s.company.Users))]
		for _, p := range server.Snapshot() {
			if !strings.HasSuffix(r.Path, "/"+string(p.PresetRef.Preset)) || !who.Active || len(p.Memberships) == 0 {
				continue
			}
			t := s.truth.template(p.Template)
			at := rnd.IntN(len(p.Memberships))
			if len(s.apartFrom(t, s.version(t.Published), p.Memberships[at].UUID)) > 0 && !slices.Contains(p.Memberships[at].LoginIDs, who.ID) {
				server.Edit(p.PresetRef, func(p *sandbox.Preset) {
					p.Memberships[at].LoginIDs = append(slices.Clone(p.Memberships[at].LoginIDs), who.ID)
				})
				s.tally.add("people who were put into a group that is kept apart from another")
			}
		}
	}
}
