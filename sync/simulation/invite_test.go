package simulation_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

// What requests about workflows are called here.
const (
	getInstance = "GET instance"
	postInvite  = "POST additional_assignees"
	postAnswer  = "POST responses"
)

// invitation is the body of an invitation.
type invitation struct {
	Step     procore.StepOccurrenceID `json:"step_occurrence_id"`
	Logins   []procore.LoginID        `json:"assignee_ids"`
	Required bool                     `json:"required"`
	Reason   string                   `json:"reason"`
}

// instanceIn gives the workflow that a path names.
func instanceIn(path string) (ref procore.InstanceRef, ok bool) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i, p := range parts {
		if p == "projects" && i+1 < len(parts) {
			ref.Project = procore.ProjectID(parts[i+1])
		}
		if p == "instances" && i+1 < len(parts) {
			ref.Instance = procore.InstanceID(parts[i+1])
		}
	}
	return ref, ref.Instance != ""
}

// checkOthers: nothing is written but memberships of presets, invitations and answers.
func (w *wire) checkOthers(kind string, r *http.Request) {
	if r.Method != http.MethodGet && kind != "PATCH" && kind != "POST token" && kind != postInvite && kind != postAnswer {
		w.breach("something else is written: %s %s", r.Method, r.URL.Path)
	}
	if kind == "PATCH" && w.invited > 0 {
		w.breach("preset is written after somebody was invited to a workflow")
	}
}

// checkInvite holds an invitation that is about to go out against the rules of invitations.
func (w *wire) checkInvite(r *http.Request, body []byte) {
	ref, _ := instanceIn(r.URL.Path)
	if w.resentInvite == string(body) {
		w.resentInvite = ""
		return
	}
	w.invited++
	now, read := w.workflows[ref]
	delete(w.workflows, ref)
	var sent invitation
	switch {
	case json.Unmarshal(body, &sent) != nil || len(sent.Logins) == 0:
		w.breach("workflow %s is sent something else than an invitation: %s", ref.Instance, body)
		return
	case w.n.dry || w.n.undoes != nil || w.n.decisions != nil || !w.n.byHand && w.s.running != sync.RunningHandover:
		w.breach("a run that must not invite invites to workflow %s", ref.Instance)
	case w.stepLost && w.n.concurrency == 1:
		w.breach("workflow %s: somebody is invited although an invitation took somebody off a step", ref.Instance)
	case !read:
		w.breach("workflow %s: somebody is invited without its having been read again first", ref.Instance)
		return
	}
	if now.Step == nil || now.Step.ID != sent.Step {
		w.breach("workflow %s: somebody is invited to step %s, and it was read on %+v", ref.Instance, sent.Step, now.Step)
		return
	}
	for _, id := range sent.Logins {
		if _, there := now.Place(id); there {
			w.breach("workflow %s: %s is invited, and is on the step already", ref.Instance, id)
		}
	}
	intents := w.s.handoverIntents(w.n.runID)
	if len(intents) < w.invited {
		w.breach("workflow %s: the %dth invitation, and the journal announces %d", ref.Instance, w.invited, len(intents))
		return
	}
	i := intents[len(intents)-1]
	if i.Item.Ref != ref || !slices.Equal(i.Send, sent.Logins) || !sameSet(i.OnStep, peopleOn(now)) {
		w.breach("workflow %s: %v are invited, and the journal announces %+v", ref.Instance, sent.Logins, i)
		return
	}
	w.checkInvited(now, sent, i.Item.Person)
}

// checkInvited: who is invited is a successor of somebody whom we took off the preset and for whom the step waits, or
// was named by a person.
func (w *wire) checkInvited(now sandbox.Instance, sent invitation, person procore.LoginID) {
	ref := now.InstanceRef
	place, there := now.Place(person)
	switch _, removed := w.s.removedBefore(w.n, seat{person, now.Project, now.Tool}); {
	case !there || !place.Open():
		w.breach("workflow %s: somebody is invited for %s, for whom it does not wait", ref.Instance, person)
	case place.Required != sent.Required:
		w.breach("workflow %s: somebody is invited for %s as required: %v", ref.Instance, person, sent.Required)
	case !removed:
		w.breach("workflow %s: somebody is invited for %s, whom no run has removed there", ref.Instance, person)
	}
	w.s.tally.add("invitations")
	if w.n.named != "" {
		if len(sent.Logins) != 1 || sent.Logins[0] != w.n.named {
			w.breach("workflow %s: %v are invited, and %s was named", ref.Instance, sent.Logins, w.n.named)
		}
		return
	}
	preset, read := w.presetAsRead(procore.PresetRef{Project: now.Project, Preset: now.Preset})
	if !read {
		w.breach("workflow %s: somebody is invited, and its preset was not read", ref.Instance)
		return
	}
	heirs, still := w.n.truth.heirs(now, person, preset)
	if still {
		w.breach("workflow %s: somebody is invited for %s, who is still in the preset", ref.Instance, person)
	}
	for _, id := range sent.Logins {
		if !slices.Contains(heirs, id) {
			w.breach("workflow %s: %s is invited for %s, and the successors are %v", ref.Instance, id, person, heirs)
		}
	}
}

// presetAsRead is a preset as the run read it last.
func (w *wire) presetAsRead(ref procore.PresetRef) (presetRead, bool) {
	last := w.last[ref]
	if last == nil {
		return presetRead{}, false
	}
	return presetRead{last.Template.ID, last.Template.Published, last.groups()}, true
}

// removedBefore says whether a run has taken the person out of a preset of that project and tool so far, by what Procore
// has seen, and when it did so last.
func (s *simulation) removedBefore(n *night, at seat) (removed sandbox.Write, ok bool) {
	for _, w := range slices.Backward(s.server.History()) {
		if w.Ref.Project != at.project || n.truth.template(w.Before.Template).Tool != at.tool {
			continue
		}
		for _, g := range w.Before.Memberships {
			if slices.Contains(g.LoginIDs, at.person) && !slices.Contains(peopleIn(w.After.Memberships, g.UUID), at.person) {
				return w, true
			}
		}
		for _, night := range s.nights { // or it was to, and somebody else was quicker
			for group, before := range night.touched[w.Ref] {
				if slices.Contains(before, at.person) && !slices.Contains(peopleIn(night.sent[w.Ref], group), at.person) {
					return w, true
				}
			}
		}
	}
	return s.leftBefore(at)
}

// leftBefore says whether somebody else was quicker than a run that was to take the person out, which then found it done.
func (s *simulation) leftBefore(at seat) (removed sandbox.Write, ok bool) {
	for _, night := range s.nights {
		if night.plan == nil || !slices.ContainsFunc(night.plan.Plan.Changes, func(c sync.Change) bool {
			return c.Action == sync.Remove && at == (seat{c.LoginID, c.Project, s.template(c.TemplateID).Tool})
		}) {
			continue
		}
		for _, e := range s.server.Edits() {
			for _, g := range e.Before.Memberships {
				if e.Ref.Project == at.project && slices.Contains(g.LoginIDs, at.person) && !slices.Contains(peopleIn(e.After.Memberships, g.UUID), at.person) {
					return sandbox.Write{Ref: e.Ref, Before: e.Before, After: e.After}, true
				}
			}
		}
	}
	return sandbox.Write{}, false
}

func peopleOn(in sandbox.Instance) []procore.LoginID {
	var ids []procore.LoginID
	for _, p := range in.Step.People {
		ids = append(ids, p.Login)
	}
	return ids
}

// linesOf counts the lines of a run's journal that are such a step of such a thing.
func (s *simulation) linesOf(runID, step, of string) int {
	text, _ := os.ReadFile(s.journalPath(runID)) // without one there are none
	n := 0
	for text := range bytes.Lines(text) {
		var line journalLine
		if json.Unmarshal(text, &line) == nil && line.Step == step && line.Of == of {
			n++
		}
	}
	return n
}

// handoverIntents reads the invitations that a run's journal announces.
func (s *simulation) handoverIntents(runID string) []running.Intent {
	text, _ := os.ReadFile(s.journalPath(runID)) // without one nothing is announced
	var intents []running.Intent
	for text := range bytes.Lines(text) {
		var line struct {
			Step, Of string
			Says     running.Intent
		}
		if json.Unmarshal(text, &line) == nil && line.Step == "intent" && line.Of == "handover" {
			intents = append(intents, line.Says)
		}
	}
	return intents
}

// watchWorkflow reads along in what a run gets of a workflow.
func (w *wire) watchWorkflow(kind string, r *http.Request, res *http.Response, body []byte) {
	ref, ok := instanceIn(r.URL.Path)
	if !ok {
		return
	}
	right := strings.Contains(res.Header.Get("Content-Type"), "json") && res.StatusCode < 300
	switch {
	case (kind == postInvite || kind == postAnswer) && res.StatusCode == http.StatusUnauthorized:
		w.resentInvite = string(body)
		if kind == postAnswer {
			w.resentAnswers++
		}
	case kind == getInstance && right, kind == postInvite && right:
		now, _ := w.s.server.Instance(ref)
		var lost bool
		if writes := w.s.server.InstanceWrites(); kind == postInvite && len(writes) > 0 {
			last := writes[len(writes)-1]
			lost = last.RequestID == res.Header.Get("X-Request-Id") && last.Fault == string(sandbox.FaultDamage) || lost
		}
		res.Body = &readAlong{ReadCloser: res.Body, done: func(text []byte) {
			w.mu.Lock()
			defer w.mu.Unlock()
			if json.Valid(text) && kind == getInstance {
				w.workflows[ref] = now
			}
			w.stepLost = w.stepLost || lost && json.Valid(text)
		}}
	}
}
