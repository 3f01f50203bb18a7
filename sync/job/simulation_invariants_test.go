package job_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
)

// checkAnnounced holds a write against rule 7: its intent, with the preset as it was, is in the journal on disk.
func (w *wire) checkAnnounced(ref procore.PresetRef, body []byte) {
	breach := func(format string, args ...any) { w.breach = append(w.breach, fmt.Sprintf(format, args...)) }
	led, err := ledger.Open(w.dir)
	if err != nil {
		breach("open the ledger: %v", err)
		return
	}
	past, err := led.Load(w.runID)
	if err != nil {
		breach("preset %s is written while the journal can't be read: %v", ref.Preset, err)
		return
	}
	var sent struct {
		Groups []procore.GroupWrite `json:"responsible_group_memberships"`
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		breach("a write that is no JSON: %v", err)
		return
	}
	i := slices.IndexFunc(past.Steps.Intents, func(i sync.Intent) bool {
		return i.Ref == ref && slices.EqualFunc(i.Send, sent.Groups, sameGroup)
	})
	if i < 0 {
		breach("preset %s is written without its intent in the journal", ref.Preset)
	}
}

func sameGroup(a, b procore.GroupWrite) bool {
	return a.UUID == b.UUID && slices.Equal(a.LoginIDs, b.LoginIDs)
}

// check holds the night against every invariant of §3, and gives what was broken.
func (s *simulation) check(n *night) []string {
	breaches := slices.Clone(n.breaches)
	add := func(format string, args ...any) { breaches = append(breaches, fmt.Sprintf(format, args...)) }
	writes := s.server.History()[n.firstWrite:]
	for _, w := range writes {
		breaches = append(breaches, s.checkWrite(w)...)
	}
	plan := n.rec.Plan
	if plan != nil && len(plan.Gates) > 0 && len(writes) > 0 {
		add("%d writes although %v refuses the plan", len(writes), plan.Gates)
	}
	if plan == nil && len(writes) > 0 {
		add("%d writes without a plan", len(writes))
	}
	if n.killed || plan == nil {
		return breaches
	}
	breaches = append(breaches, s.checkAccounts(n, writes)...)
	return breaches
}

// checkWrite: no unmanaged group is ever changed by us, the manager and the people on steps stay, and nobody is removed
// who should stay.
func (s *simulation) checkWrite(w sandbox.Write) []string {
	var breaches []string
	add := func(format string, args ...any) {
		breaches = append(breaches, fmt.Sprintf("preset %s: ", w.Ref.Preset)+fmt.Sprintf(format, args...))
	}
	if w.Before.Manager != w.After.Manager {
		add("the workflow manager changed")
	}
	damaged := strings.Contains(w.Fault, string(sandbox.FaultDamage))
	template, version := s.of(w.Before)
	changed := false
	for _, before := range w.Before.Memberships {
		after := peopleOf(w.After, before.UUID)
		changed = changed || !slices.Equal(before.LoginIDs, after)
		group, managed := s.managedGroup(template, version, before.UUID)
		if !managed {
			if !slices.Equal(before.LoginIDs, after) && !damaged && !s.editedMeanwhile(w, before.UUID) {
				add("unmanaged group %s changed from %v to %v", before.UUID, before.LoginIDs, after)
			}
			continue
		}
		for _, id := range before.LoginIDs {
			if !slices.Contains(after, id) && !damaged && !s.editedMeanwhile(w, before.UUID) {
				if why := s.mustStay(id, template, group, w.Ref.Project); why != "" {
					add("%s is removed from %q although %s", id, group.Name, why)
				}
			}
		}
	}
	for _, after := range w.After.Memberships {
		changed = changed || len(peopleOf(w.Before, after.UUID)) != len(after.LoginIDs)
	}
	if !changed && w.Fault == "" && !s.editedAround(w) {
		add("a write that changes nothing")
	}
	return breaches
}

// editedMeanwhile says whether somebody edited the group between our read and our write: that moment can't be closed,
// since Procore has no precondition. The simulation edits just before the request that it meets, so an edit right
// before the write is one that no read could see.
func (s *simulation) editedMeanwhile(w sandbox.Write, group procore.GroupUUID) bool {
	for _, e := range s.server.Edits() {
		if e.Ref == w.Ref && e.Seq == w.Seq-1 && !slices.Equal(peopleOf(e.Before, group), peopleOf(e.After, group)) {
			return true
		}
	}
	return false
}

func (s *simulation) editedAround(w sandbox.Write) bool {
	return slices.ContainsFunc(s.server.Edits(), func(e sandbox.Edit) bool { return e.Ref == w.Ref && e.Seq == w.Seq-1 })
}

func peopleOf(p sandbox.Preset, group procore.GroupUUID) []procore.LoginID {
	for _, m := range p.Memberships {
		if m.UUID == group {
			return m.LoginIDs
		}
	}
	return nil
}

func (s *simulation) of(p sandbox.Preset) (sandbox.Template, sandbox.Version) {
	t := s.company.Templates[slices.IndexFunc(s.company.Templates, func(t sandbox.Template) bool { return t.ID == p.Template })]
	return t, s.company.Versions[slices.IndexFunc(s.company.Versions, func(v sandbox.Version) bool { return v.ID == t.Published })]
}

// managedGroup is a second, naive reading of §5: a role group of a name of its own that a rule names.
func (s *simulation) managedGroup(t sandbox.Template, v sandbox.Version, uuid procore.GroupUUID) (procore.ResponsibleGroup, bool) {
	i := slices.IndexFunc(v.Groups, func(g procore.ResponsibleGroup) bool { return g.UUID == uuid })
	if i < 0 || !strings.EqualFold(v.Groups[i].Type, procore.TypeResponsibleRole) {
		return procore.ResponsibleGroup{}, false
	}
	g := v.Groups[i]
	for j, other := range v.Groups {
		if j != i && other.Name == g.Name {
			return g, false
		}
	}
	return g, slices.ContainsFunc(s.rules, func(r rule) bool { return r.fills(t, g) })
}

func (r rule) fills(t sandbox.Template, g procore.ResponsibleGroup) bool {
	return (r.template == "*" || r.template == t.Name) && strings.ReplaceAll(r.group, "group  ", "Group ") == g.Name
}

// mustStay is the truth, from the world and not from what Procore answered: why a person has to stay in a group.
func (s *simulation) mustStay(id procore.LoginID, t sandbox.Template, g procore.ResponsibleGroup, project procore.ProjectID) string {
	person := slices.IndexFunc(s.company.Users, func(u sandbox.User) bool { return u.ID == id })
	switch {
	case s.policy.Mode == sync.Additive:
		return "people are only added"
	case slices.ContainsFunc(s.policy.Protected, func(glob string) bool {
		ok, _ := path.Match(glob, s.company.Users[person].Login)
		return ok
	}):
		return "the login is protected"
	}
	for _, row := range s.rows {
		if row.person != person {
			continue
		}
		if row.unreadable {
			return "a row of theirs could not be read"
		}
		if row.status == "terminated" {
			continue
		}
		for _, r := range s.rules {
			if !r.fills(t, g) || strings.ReplaceAll(r.team, "TEAM-", "Team ") != row.team || r.role != "*" && r.role != row.role {
				continue
			}
			if row.project == "" || row.projectUnknown || s.numberOf(project) == row.project {
				return fmt.Sprintf("a row puts them there: %+v", row)
			}
		}
	}
	return ""
}

func (s *simulation) numberOf(project procore.ProjectID) string {
	for _, p := range s.company.Projects {
		if p.ID == project {
			return p.Number
		}
	}
	return ""
}

// place is one person's place in one group.
type place struct {
	ref    procore.PresetRef
	group  procore.GroupUUID
	login  procore.LoginID
	action sync.Action
}

func placeOf(c sync.Change) place { return place{c.Ref(), c.GroupUUID, c.LoginID, c.Action} }

// checkAccounts: every change of the plan is accounted for exactly once, and one that is said to be applied was, or was
// so already.
func (s *simulation) checkAccounts(n *night, writes []sandbox.Write) []string {
	rec := n.rec
	var breaches []string
	seen := map[place]int{}
	for _, c := range rec.Changes {
		seen[placeOf(c)]++
		if c.Status == sync.Planned {
			breaches = append(breaches, fmt.Sprintf("a change is still called planned: %+v", c))
		}
		if c.Status == sync.Applied && !s.tookEffect(c, writes) && !s.liedTo(n, c.Ref()) {
			breaches = append(breaches, fmt.Sprintf("%s of %s in preset %s is called applied, and no write shows it", c.Action, c.LoginID, c.Preset))
		}
	}
	for _, c := range rec.Plan.Changes {
		if seen[placeOf(c)] != 1 {
			breaches = append(breaches, fmt.Sprintf("%s of %s in preset %s is accounted for %d times", c.Action, c.LoginID, c.Preset, seen[placeOf(c)]))
		}
		delete(seen, placeOf(c))
	}
	for p := range seen {
		breaches = append(breaches, fmt.Sprintf("a change that the plan does not have: %+v", p))
	}
	slices.Sort(breaches)
	return breaches
}

// tookEffect says whether the change shows in a write of this night, or in the state that an edit by hand left.
func (s *simulation) tookEffect(c sync.Change, writes []sandbox.Write) bool {
	shows := func(p sandbox.Preset) bool {
		return slices.Contains(peopleOf(p, c.GroupUUID), c.LoginID) == (c.Action == sync.Add)
	}
	for _, w := range writes {
		if w.Ref == c.Ref() && shows(w.After) {
			return true
		}
	}
	for _, e := range s.server.Edits() {
		if e.Ref == c.Ref() && (shows(e.After) || shows(e.Before)) {
			return true
		}
	}
	return false
}

// liedTo says whether Procore acknowledged a write of the preset that it did not do. The answer is as it should be, and
// only the next run's read can tell.
func (s *simulation) liedTo(n *night, ref procore.PresetRef) bool {
	return slices.ContainsFunc(s.server.Requests()[n.firstRequest:], func(r sandbox.Request) bool {
		return strings.Contains(r.Fault, string(sandbox.FaultUnapplied)) && strings.Contains(r.Path, "/presets/"+string(ref.Preset)+"/")
	})
}

// checkQuiet: after clean runs nothing is left to write, and everyone whom HR puts into a group and who can be there is
// there, unless a hold says otherwise.
func (s *simulation) checkQuiet(last *night) []string {
	var exit *job.ExitError
	switch {
	case last.err != nil && errors.As(last.err, &exit):
		return []string{fmt.Sprintf("a clean run fails with %d: %v", exit.Code, last.err)}
	case last.err != nil:
		return []string{fmt.Sprintf("a clean run fails: %v", last.err)}
	case len(last.rec.Plan.Gates) > 0:
		return nil // refused: quiet in its own way
	case last.rec.Plan.Counts.PresetsToWrite > 0:
		return []string{fmt.Sprintf("the runs do not come to rest: %+v", last.rec.Changes)}
	}
	var breaches []string
	for _, p := range s.server.Snapshot() {
		breaches = append(breaches, s.checkFilled(p, last.rec)...)
	}
	return breaches
}

// checkFilled finds people who belong into a group of the preset and are not there.
func (s *simulation) checkFilled(p sandbox.Preset, rec sync.Record) []string {
	var breaches []string
	t, v := s.of(p)
	for _, g := range v.Groups {
		if _, managed := s.managedGroup(t, v, g.UUID); !managed || s.excused(p, g, rec) {
			continue
		}
		for person, u := range s.company.Users {
			if u.Active && u.Email == u.Login && s.wanted(person, t, g, p.Project) && !slices.Contains(peopleOf(p, g.UUID), u.ID) {
				breaches = append(breaches, fmt.Sprintf("preset %s: %s belongs into %q and is not there", p.PresetRef.Preset, u.Login, g.Name))
			}
		}
	}
	return breaches
}

// excused says whether the record names a reason why the group or the whole preset was left alone.
func (s *simulation) excused(p sandbox.Preset, g procore.ResponsibleGroup, rec sync.Record) bool {
	for _, project := range s.company.Projects {
		if project.ID == p.Project && project.Visibility != sandbox.Visible {
			return true
		}
	}
	for _, c := range rec.Changes {
		if c.Ref() == p.PresetRef && c.GroupUUID == g.UUID && c.Status == sync.Held {
			return true
		}
	}
	return false
}

// wanted is mustStay without its excuses: a readable row puts the person there.
func (s *simulation) wanted(person int, t sandbox.Template, g procore.ResponsibleGroup, project procore.ProjectID) bool {
	for _, row := range s.rows {
		if row.person != person || row.unreadable || row.status == "terminated" || row.projectUnknown {
			continue
		}
		for _, r := range s.rules {
			if r.fills(t, g) && strings.ReplaceAll(r.team, "TEAM-", "Team ") == row.team && (r.role == "*" || r.role == row.role) &&
				(row.project == "" || project != "" && s.numberOf(project) == row.project) {
				return true
			}
		}
	}
	return false
}
