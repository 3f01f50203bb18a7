package apply

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// ErrNotLookedAt is the error of a look function that did not find out what became of the preset.
var ErrNotLookedAt = errors.New("nobody has looked")

// AccountInterrupted works out what became of every change of a killed run, from its plan and its journal. look reads a
// preset for which the journal has an intent but no outcome. If plan is nil, it is reconstructed from the journal,
// since nothing was sent that is not in there. The outcomes returned are those that the journal lacks, for the presets
// that were looked at.
func AccountInterrupted(plan *sync.Plan, steps JournalFile, at time.Time,
	look func(procore.PresetRef) (procore.Preset, error),
) (*sync.Plan, *Result, []WriteOutcome) {
	if plan == nil {
		plan = planFromJournal(steps)
	}
	acc := &accounting{steps: steps.byPreset(), damaged: len(steps.Damaged), at: at, look: look}
	r := &Result{
		Changes: slices.Clone(plan.Changes),
		Stopped: "the run was interrupted",
	}
	byRef, changes := map[procore.PresetRef]*verdict{}, byPreset(plan.Changes)
	for i := range plan.Presets {
		p := &plan.Presets[i]
		if !p.Changed() {
			continue
		}
		v := acc.verdict(p, changes[p.Ref])
		byRef[p.Ref] = &v
		if v.wrote {
			r.PresetsWritten++
		}
		if v.status != sync.Applied {
			r.Exceptions = append(r.Exceptions, exceptionOf(p, v))
		}
	}
	for i := range r.Changes {
		settle(&r.Changes[i], byRef)
	}
	sync.SortExceptions(r.Exceptions)
	r.WriteSent = slices.ContainsFunc(slices.Collect(maps.Values(acc.steps)), presetSteps.maybeSent)
	return plan, r, acc.found
}

// accounting is one call of AccountInterrupted.
type accounting struct {
	steps   map[procore.PresetRef]presetSteps
	damaged int // number of damaged lines in the journal
	at      time.Time
	look    func(procore.PresetRef) (procore.Preset, error)
	found   []WriteOutcome
}

func (a *accounting) verdict(p *sync.PresetPlan, changes []sync.Change) verdict {
	steps := a.steps[p.Ref]
	switch {
	case steps.outcome != nil:
		return steps.verdict(p)
	case len(steps.intents) == 0 && a.damaged > 0:
		return verdict{status: sync.Failed, at: a.at, unknown: true, why: fmt.Sprintf("lines of the interrupted run's journal can't be read (%d of them), "+
			"so whether this preset was sent is not known: look at it in Procore", a.damaged)}
	case len(steps.intents) == 0:
		return verdict{status: sync.NotAttempted, at: a.at, why: "the run was interrupted before this preset was sent"}
	}
	v := a.lookAt(p, steps.intents[len(steps.intents)-1], labelsOf(p, changes))
	v.already = steps.already(p)
	a.found = append(a.found, WriteOutcome{
		Time: v.at, Ref: p.Ref, Status: v.status, Error: v.why, Wrote: v.wrote, Unknown: v.unknown,
	})
	return v
}

// lookAt reads a preset that was about to be sent when the run was killed.
func (a *accounting) lookAt(p *sync.PresetPlan, last Intent, n labels) verdict {
	v := verdict{at: a.at, status: sync.Failed}
	now, err := a.look(p.Ref)
	if err != nil {
		v.unknown = true
		v.why = fmt.Sprintf("the run was interrupted while this preset was sent, and whether it took effect is not known: %v", err)
		return v
	}
	n.learnAll(last.Before)
	n.learnAll(now.Memberships)
	sent := attempt{before: procore.Preset{Memberships: last.Before}, sent: last.Send}
	differs := compareGroups(n, peopleRead(last.Before), peopleSent(last.Send), peopleRead(now.Memberships))
	switch {
	case len(differs.differs) == 0:
		v.status, v.wrote = sync.Applied, true
	case notWritten(sent, now):
		v.why = "the run was interrupted while this preset was sent: it was not applied"
	default:
		v.unknown = true
		v.why = "the run was interrupted while this preset was sent, and it is neither as it was nor as it was sent: " +
			differs.String() + "; look at it in Procore"
	}
	return v
}

// planFromJournal reconstructs what a lost plan must have held, for the presets that the journal names.
func planFromJournal(steps JournalFile) *sync.Plan {
	plan := &sync.Plan{Company: steps.Run.Company, Host: steps.Run.Host, RollbackOf: steps.Run.RollbackOf}
	seen := steps.byPreset()
	for _, ref := range slices.SortedFunc(maps.Keys(seen), sync.CompareRefs) {
		intents := seen[ref].intents
		if len(intents) == 0 {
			continue
		}
		first := intents[0]
		p := sync.PresetPlan{Ref: ref, VersionID: first.VersionID, Write: first.Send}
		before, sent := inLists(first.Before), writtenLists(first.Send)
		n := labels{people: map[procore.LoginID]procore.Login{}}
		n.learnAll(first.Before)
		for _, group := range first.Changed {
			g := sync.GroupPlan{UUID: group, Name: string(group), Before: before[group], After: sent[group]}
			p.Groups = append(p.Groups, g)
			plan.Changes = append(plan.Changes, changesOfGroup(&p, g, n, "the plan of the run is lost")...)
		}
		plan.Presets = append(plan.Presets, p)
	}
	plan.Counts.PresetsToWrite = len(plan.Presets)
	return plan
}
