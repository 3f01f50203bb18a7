package simulation_test

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// checkPatch holds a write that is about to go out against the rules of writing.
func (w *wire) checkPatch(ref procore.PresetRef, body []byte) {
	if age := time.Since(w.readAt[ref]); age > oldReading && w.fresh[ref] != nil {
		w.breach("preset %s is written %v after it was read", ref.Preset, age)
	}
	if w.resent[ref] {
		w.resent[ref] = false
		return
	}
	w.patches[ref]++
	if w.n.dry {
		w.breach("a run that must not write writes to preset %s", ref.Preset)
	}
	if w.harmed && w.n.concurrency == 1 {
		w.breach("preset %s is written although a write has changed what it was not meant to", ref.Preset)
	}
	w.checkFirst(ref)
	file := w.planned()
	if file == nil {
		w.breach("preset %s is written before the plan is on disk", ref.Preset)
		return
	}
	fresh := w.fresh[ref]
	if fresh == nil {
		w.breach("preset %s is written without having been read again first", ref.Preset)
		return
	}
	w.fresh[ref], w.before[ref] = nil, fresh
	switch approved := w.n.approve != "" && strings.HasPrefix(file.Plan.Digest, w.n.approve); {
	case w.n.approve != "" && !approved:
		w.breach("preset %s is written although another plan was approved", ref.Preset)
	case len(file.Plan.Gates) > 0 && !approved:
		w.breach("preset %s is written although %s refuses the plan", ref.Preset, file.Plan.Gates[0].Gate)
	}
	if w.n.onlyProject != "" && ref.Project != w.n.onlyProject {
		w.breach("preset %s of project %s is written in a run of project %s", ref.Preset, ref.Project, w.n.onlyProject)
	}
	var fields map[string]json.RawMessage
	var sent []procore.GroupWrite
	if json.Unmarshal(body, &fields) != nil || json.Unmarshal(fields["responsible_group_memberships"], &sent) != nil {
		w.breach("preset %s is sent something else than groups: %s", ref.Preset, body)
		return
	}
	if len(fields) > 1 {
		w.breach("preset %s is sent more than its groups: %s", ref.Preset, body)
	}
	w.sent[ref] = sent
	w.checkAnnounced(ref, fresh, sent)
	w.checkUnmoved(ref, fresh, file.Plan)
	w.checkSent(ref, fresh, sent)
}

// oldReading is what the client and a request's timeout allow between a read and its write.
const oldReading = time.Minute

// checkFirst: the first write of a run goes alone, until it was checked by reading the preset again.
func (w *wire) checkFirst(ref procore.PresetRef) {
	if w.settled {
		return
	}
	if w.inFlight > 0 {
		w.breach("preset %s is written before the first write has ended", ref.Preset)
	}
	if w.open != nil && *w.open != ref {
		w.breach("preset %s is written before the first write, to preset %s, was checked", ref.Preset, w.open.Preset)
	}
}

// checkAnnounced: the journal on disk has this very write, with the preset as it was read.
func (w *wire) checkAnnounced(ref procore.PresetRef, fresh *reading, sent []procore.GroupWrite) {
	intents := w.s.journal(w.n.runID, nil).intents[ref]
	if len(intents) < w.patches[ref] {
		w.breach("preset %s is written for the %dth time with %d intents in the journal", ref.Preset, w.patches[ref], len(intents))
		return
	}
	last := intents[len(intents)-1]
	if w.n.maxDuration > 0 && last.Time.After(w.n.start.Add(w.n.maxDuration)) {
		w.breach("preset %s is written after SYNC_MAX_DURATION", ref.Preset)
	}
	if !slices.EqualFunc(last.Send, sent, sameGroup) {
		w.breach("preset %s: the journal announces %v, sent is %v", ref.Preset, last.Send, sent)
	}
	var before []procore.GroupWrite
	for _, m := range last.Before {
		g := procore.GroupWrite{UUID: m.Group}
		for _, who := range m.Assignees {
			g.LoginIDs = append(g.LoginIDs, who.ID)
		}
		before = append(before, g)
	}
	if !slices.EqualFunc(before, fresh.groups(), sameGroup) {
		w.breach("preset %s: the journal's before-image is %v, read was %v", ref.Preset, before, fresh.groups())
	}
}

func sameGroup(a, b procore.GroupWrite) bool {
	return a.UUID == b.UUID && slices.Equal(a.LoginIDs, b.LoginIDs)
}

// checkUnmoved: nothing is written where the published version or a managed group is neither as it was nor as planned.
func (w *wire) checkUnmoved(ref procore.PresetRef, fresh *reading, plan *sync.Plan) {
	i := slices.IndexFunc(plan.Presets, func(p sync.PresetPlan) bool { return p.Ref == ref })
	if i < 0 {
		w.breach("preset %s is written, and the plan does not have it", ref.Preset)
		return
	}
	p := plan.Presets[i]
	if fresh.Template.Published != p.VersionID {
		w.breach("preset %s is written although version %s is published, planned for %s", ref.Preset, fresh.Template.Published, p.VersionID)
	}
	for _, g := range p.Groups {
		if now := peopleIn(fresh.groups(), g.UUID); !sameSet(now, g.Before) && !sameSet(now, g.After) {
			w.breach("preset %s is written although %q moved from %v to %v", ref.Preset, g.Name, g.Before, now)
		}
	}
}

// checkSent: all groups that were read are sent, in their place; those that are not managed exactly as they came; and
// of the others nobody is sent away who should stay, and nobody comes who does not belong there.
func (w *wire) checkSent(ref procore.PresetRef, fresh *reading, sent []procore.GroupWrite) {
	read := fresh.groups()
	for _, who := range w.n.truth.comeToBoth(fresh.Template.ID, fresh.Template.Published, read, sent) {
		w.breach("preset %s is written so that %s, which are kept apart", ref.Preset, who)
	}
	if slices.EqualFunc(read, sent, sameGroup) {
		w.breach("preset %s is sent as it is", ref.Preset)
	}
	for i, g := range read {
		if i >= len(sent) || sent[i].UUID != g.UUID {
			w.breach("preset %s: group %s is not sent in its place", ref.Preset, g.UUID)
			return
		}
	}
	for i, g := range sent {
		was := []procore.LoginID(nil)
		if i < len(read) {
			was = read[i].LoginIDs
		}
		if slices.Equal(was, g.LoginIDs) && i < len(read) {
			continue
		}
		w.touch(ref, g.UUID, was)
		if why := w.s.mayChange(w.n, ref, fresh, g.UUID, was, g.LoginIDs); why != "" {
			w.breach("preset %s: group %s is sent %v instead of %v, %s", ref.Preset, g.UUID, g.LoginIDs, was, why)
		}
		if stay := keepOnly(was, g.LoginIDs); !slices.Equal(stay, g.LoginIDs[:min(len(stay), len(g.LoginIDs))]) {
			w.breach("preset %s: group %s is sent %v, and those who stay lose their order: %v", ref.Preset, g.UUID, g.LoginIDs, was)
		}
	}
}

func (w *wire) touch(ref procore.PresetRef, group procore.GroupUUID, was []procore.LoginID) {
	if w.touched[ref] == nil {
		w.touched[ref] = touchings{}
	}
	if _, known := w.touched[ref][group]; !known {
		w.touched[ref][group] = was
	}
}
