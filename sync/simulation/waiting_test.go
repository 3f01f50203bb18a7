package simulation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/running"
)

// checkWaiting: what running.csv says is true of the simulated Procore, as it was at some moment of the night.
func (s *simulation) checkWaiting(n *night, rows []sync.Waiting, code int) []string {
	var breaches []string
	add := func(row sync.Waiting, format string, args ...any) {
		breaches = append(breaches, fmt.Sprintf("running.csv: workflow %s is %s for %s, ", row.Instance, row.State, row.Person.ID)+fmt.Sprintf(format, args...))
	}
	seen := map[string]bool{}
	for _, row := range rows {
		s.tally.add("running workflows " + string(row.State))
		key := fmt.Sprint(row.Project, row.Tool, row.Instance, row.Person.ID)
		if seen[key] {
			add(row, "and told twice")
		}
		seen[key] = true
		if why := s.liesAboutWaiting(n, row, rows); why != "" {
			add(row, "%s", why)
		}
		undone := row.State == sync.WaitFailed || row.State == sync.WaitConflict || row.State == sync.WaitUnreadable
		if undone && code == sync.ExitDone {
			add(row, "and the run ended 0")
		}
	}
	return breaches
}

// liesAboutWaiting says what is not so about a row; empty: nothing.
func (s *simulation) liesAboutWaiting(n *night, row sync.Waiting, rows []sync.Waiting) string {
	if row.State == sync.WaitUnreadable || row.State == sync.WaitNotLooked {
		return ""
	}
	ref := procore.InstanceRef{Project: row.Project, Instance: row.Instance}
	states := s.statesOf(n, ref)
	if !slices.ContainsFunc(states, func(in sandbox.Instance) bool {
		place, _ := in.Place(row.Person.ID)
		return waitsFor(in, row.Person.ID) && in.Step.ID == row.Step && place.Required == row.Required && in.Tool == row.Tool
	}) {
		return "and it has not waited for them on that step"
	}
	if _, removed := s.removedBefore(n, seat{row.Person.ID, row.Project, row.Tool}); !removed {
		return "whom no run has taken off a preset there"
	}
	writes := slices.DeleteFunc(s.invitesOf(n), func(w sandbox.InstanceWrite) bool { return w.Ref != ref })
	switch row.State {
	case sync.Waits:
		if len(writes) > 0 && len(invitesFor(rows, row)) == 0 {
			return "and somebody was invited there"
		}
	case sync.WaitPlanned:
		if len(writes) > 0 || !n.byHand {
			return "though it is over"
		}
	case sync.WaitInvited:
		for _, who := range row.Successors {
			if !slices.ContainsFunc(states, func(in sandbox.Instance) bool { _, there := in.Place(who.ID); return there }) && !s.liedAbout(n, ref) {
				return "and " + string(who.ID) + " has not been there"
			}
		}
		if len(writes) == 0 && !s.liedAbout(n, ref) {
			return "and nobody was invited"
		}
	case sync.WaitFailed:
		if len(writes) > 0 && len(invitesFor(rows, row)) == 0 && s.cleanInvite(n, writes[len(writes)-1], row) {
			return "and they were invited, and nothing went wrong: " + row.Error
		}
	case sync.WaitConflict:
		if len(s.stirsOf(n, ref)) == 0 {
			return "and nothing happened to it"
		}
	case sync.WaitNotAttempted:
		if len(writes) > 0 && len(invitesFor(rows, row)) == 0 {
			return "and they were invited"
		}
	}
	return ""
}

// invitesFor gives the other rows of the same step for which somebody was or may have been invited.
func invitesFor(rows []sync.Waiting, row sync.Waiting) []sync.Waiting {
	return slices.DeleteFunc(slices.Clone(rows), func(o sync.Waiting) bool {
		return o.Instance != row.Instance || o.Person.ID == row.Person.ID ||
			o.State != sync.WaitInvited && o.State != sync.WaitFailed && o.State != sync.WaitConflict
	})
}

// statesOf gives what a workflow was like from a night's beginning until now.
func (s *simulation) statesOf(n *night, ref procore.InstanceRef) []sandbox.Instance {
	var states []sandbox.Instance
	if now, ok := s.server.Instance(ref); ok {
		states = append(states, now)
	}
	for _, e := range s.stirsOf(n, ref) {
		states = append(states, e.Before, e.After)
	}
	for _, w := range s.server.InstanceWrites()[n.firstInvite:] {
		if w.Ref == ref {
			states = append(states, w.Before, w.After)
		}
	}
	return states
}

// stirsOf gives what happened to a workflow by other hands from a night's beginning until now.
func (s *simulation) stirsOf(n *night, ref procore.InstanceRef) []sandbox.InstanceEdit {
	return slices.DeleteFunc(slices.Clone(s.server.InstanceEdits()[n.firstStir:]), func(e sandbox.InstanceEdit) bool { return e.Ref != ref })
}

// invitesOf gives the invitations of a night, up to the next one's first.
func (s *simulation) invitesOf(n *night) []sandbox.InstanceWrite {
	end := len(s.server.InstanceWrites())
	if next := slices.Index(s.nights, n) + 1; next < len(s.nights) {
		end = s.nights[next].firstInvite
	}
	return slices.Clone(s.server.InstanceWrites()[n.firstInvite:end])
}

// cleanInvite says whether a row's invitation went well.
func (s *simulation) cleanInvite(n *night, w sandbox.InstanceWrite, row sync.Waiting) bool {
	var sent invitation
	_ = json.Unmarshal(w.Body, &sent) // the server has read it before
	theirs := slices.ContainsFunc(s.handoverIntents(n.runID), func(i running.Intent) bool {
		return i.Item.Ref == w.Ref && i.Item.Person == row.Person.ID && slices.Equal(i.Send, sent.Logins)
	})
	return theirs && !n.killed && s.wentWell(n, w)
}

// wentWell says whether all went well with an invitation or answer, and with every look at its workflow since.
func (s *simulation) wentWell(n *night, w sandbox.InstanceWrite) bool {
	if w.Fault != "" || n.maxDuration > 0 || n.told() || len(s.stirsOf(n, w.Ref)) > 0 {
		return false
	}
	since := false
	for _, r := range s.server.Requests()[n.firstRequest:] {
		since = since || r.RequestID == w.RequestID
		if since && strings.Contains(r.Path, "/instances/"+string(w.Ref.Instance)) && (r.Status >= 300 || r.Status == 0 || r.Fault != "") {
			return false
		}
	}
	return since
}

// liedAbout says whether Procore acknowledged an invitation that it did not do.
func (s *simulation) liedAbout(n *night, ref procore.InstanceRef) bool {
	return slices.ContainsFunc(s.server.Requests()[n.firstRequest:], func(r sandbox.Request) bool {
		return strings.Contains(r.Fault, string(sandbox.FaultUnapplied)) && strings.Contains(r.Path, "/instances/"+string(ref.Instance)+"/")
	})
}

// noteRemoved notes whom a run has removed from where, by what it says itself.
func (s *simulation) noteRemoved(n *night, changes []sync.Change) {
	for _, c := range changes {
		if c.Action != sync.Remove || c.Status != sync.Applied {
			continue
		}
		at := seat{c.LoginID, c.Project, n.truth.template(c.TemplateID).Tool}
		if c.Time.After(s.removed[at]) {
			s.removed[at] = c.Time
		}
	}
}

// checkLooked: whoever was taken off a preset this very night and for whom a workflow waits all the time is told of.
func (s *simulation) checkLooked(n *night) []string {
	if n.rec.Waiting == nil || n.undoes != nil || n.byHand {
		return nil
	}
	var breaches []string
	told := func(at seat, instance procore.InstanceID) bool {
		return slices.ContainsFunc(n.rec.Waiting, func(row sync.Waiting) bool {
			return row.Person.ID == at.person && row.Project == at.project && row.Tool == at.tool && (row.Instance == instance || row.Instance == "")
		})
	}
	for _, c := range n.rec.Changes {
		if c.Action != sync.Remove || c.Status != sync.Applied {
			continue
		}
		at := seat{c.LoginID, c.Project, n.truth.template(c.TemplateID).Tool}
		for _, in := range s.server.Instances() {
			if in.Project != at.project || in.Tool != at.tool || !in.StartedAt.Before(c.Time) || told(at, in.InstanceRef.Instance) {
				continue
			}
			read := n.lastReading[procore.PresetRef{Project: in.Project, Preset: in.Preset}]
			if read == nil {
				continue
			}
			preset := presetRead{read.Template.ID, read.Template.Published, read.groups()}
			if !slices.ContainsFunc(s.statesOf(n, in.InstanceRef), func(in sandbox.Instance) bool {
				return !waitsFor(in, at.person) || n.truth.keepsOnStep(in, at.person, preset)
			}) {
				breaches = append(breaches, fmt.Sprintf("workflow %s waits for %s, who was removed tonight, and running.csv does not say so",
					in.InstanceRef.Instance, at.person))
			}
		}
	}
	return breaches
}

// checkAllLooked: without faults, `running` tells of everybody who was ever removed and for whom a workflow from before
// waits, with the successors, and of nobody else.
func (s *simulation) checkAllLooked(n *night) []string {
	j, err := s.job(n, s.newWire(n))
	if err != nil {
		return []string{err.Error()}
	}
	list, err := j.Watched(context.Background())
	if err != nil {
		return []string{"the watch list: " + err.Error()}
	}
	rows, err := j.FindWaiting(context.Background(), list)
	if err != nil {
		return []string{"`running`: " + err.Error()}
	}
	var breaches []string
	wanted := map[string]string{}
	removed := maps.Clone(s.removed)
	for _, row := range rows { // whom a run took out that could not learn of it is looked for too
		at := seat{row.Person.ID, row.Project, row.Tool}
		if _, so := s.removedBefore(n, at); so && removed[at].IsZero() {
			removed[at] = time.Time{}
		}
	}
	for at, since := range removed {
		for _, in := range s.server.Instances() {
			if in.Project != at.project || in.Tool != at.tool || !waitsFor(in, at.person) || s.outOfSight(n, at.project) {
				continue
			}
			preset, there := s.presetOf(in)
			var heirs []procore.LoginID
			if there {
				var still bool
				if heirs, still = n.truth.heirs(in, at.person, preset); still {
					continue
				}
			}
			missing := slices.DeleteFunc(slices.Clone(heirs), func(id procore.LoginID) bool { _, on := in.Place(id); return on })
			on := len(missing) == 0 && len(heirs) > 0
			if !on {
				heirs = missing
			}
			key := fmt.Sprintf("workflow %s waits for %s", in.InstanceRef.Instance, at.person)
			wanted[key] = fmt.Sprint(heirs, on)
			if in.StartedAt.Before(since) && !slices.ContainsFunc(rows, func(row sync.Waiting) bool {
				return row.Instance == in.InstanceRef.Instance && row.Person.ID == at.person
			}) {
				breaches = append(breaches, key+" since before they were removed, and `running` does not say so")
			}
		}
	}
	for _, row := range rows {
		if s.outOfSight(n, row.Project) {
			continue
		}
		s.tally.add("workflows that wait at rest")
		key := fmt.Sprintf("workflow %s waits for %s", row.Instance, row.Person.ID)
		var ids []procore.LoginID
		for _, who := range row.Successors {
			ids = append(ids, who.ID)
		}
		slices.Sort(ids)
		if want, ok := wanted[key]; !ok || want != fmt.Sprint(ids, row.OnStep) || row.State != sync.Waits {
			breaches = append(breaches, fmt.Sprintf("`running` says that %s (%s), with successors %v, %v; it is %q", key, row.State, ids, row.OnStep, want))
		}
	}
	slices.Sort(breaches)
	return breaches
}

// outOfSight says whether the service account can't see a project.
func (s *simulation) outOfSight(n *night, project procore.ProjectID) bool {
	return slices.ContainsFunc(n.truth.company.Projects, func(p sandbox.Project) bool { return p.ID == project && p.Visibility != sandbox.Visible })
}

// checkHandovers: no more hand-overs than are allowed, unless a person approved them.
func (s *simulation) checkHandovers(n *night) []string {
	items := map[string]bool{}
	for _, i := range s.handoverIntents(n.runID) {
		items[fmt.Sprint(i.Item.Ref, i.Item.Person)] = true
	}
	if len(items) > s.maxHandovers && n.approve == "" {
		return []string{fmt.Sprintf("%d hand-overs, and %d are allowed", len(items), s.maxHandovers)}
	}
	return nil
}

// handOverByHand is what a person does: `handover` for everybody on the watch list.
func (s *simulation) handOverByHand(n *night, j *job.Job) (sync.Record, error) {
	list, err := j.Watched(context.Background())
	if err != nil {
		return sync.Record{}, err
	}
	req := job.HandoverRequest{List: list, Approve: n.approve}
	if n.named != "" {
		_, u := s.user(n.named)
		req.To = &running.Named{Who: procore.Login{ID: n.named, Login: u.Login}, Everywhere: true}
	}
	return j.HandOver(n.ctx, req)
}
