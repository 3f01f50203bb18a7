package apply

import (
	"slices"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Result is the result of applying a plan.
type Result struct {
	Changes        []sync.Change    // every change of the plan, with what became of it, in the plan's order
	Exceptions     []sync.Exception // conflict, failed, not_attempted: one for each preset
	PresetsWritten int              // presets in which a write took effect
	WriteSent      bool             // at least one PATCH was sent
	Stopped        string           // why no new write started, for people; empty if all were attempted
	Writes         []sync.Write     // one for each preset that was read in order to write it
	StoppedShort   string           // Stopped without the text of any error, so that it names nobody
}

// result accounts for every change of the plan exactly once.
func (a *applying) result() *Result {
	r := &Result{Changes: slices.Clone(a.plan.Changes), WriteSent: a.sent.Load(), Writes: a.writes}
	byRef := make(map[procore.PresetRef]*verdict, len(a.work))
	for _, i := range a.work {
		v := &a.verdicts[i]
		if v.status == "" {
			*v = verdict{status: sync.NotAttempted, why: a.reason(), at: a.opts.Now()}
		}
		byRef[a.plan.Presets[i].Ref] = v
		if v.wrote {
			r.PresetsWritten++
		}
		if v.status == sync.NotAttempted {
			a.sayStopped(r)
		}
		if v.status != sync.Applied {
			r.Exceptions = append(r.Exceptions, exceptionOf(&a.plan.Presets[i], *v))
		}
	}
	if a.stopped() && r.Stopped == "" && len(r.Exceptions) > 0 {
		a.sayStopped(r)
	}
	for i := range r.Changes {
		settle(&r.Changes[i], byRef)
	}
	sync.SortExceptions(r.Exceptions)
	return r
}

func (a *applying) sayStopped(r *Result) {
	r.Stopped, r.StoppedShort = a.reason(), a.stopReason().short
}

// byPreset groups changes by preset. The changes are sorted, so those of one preset are adjacent, and the slices share
// their memory: there may be hundreds of thousands of changes.
func byPreset(changes []sync.Change) map[procore.PresetRef][]sync.Change {
	grouped := map[procore.PresetRef][]sync.Change{}
	for start, end := 0, 0; start < len(changes); start = end {
		ref := changes[start].Ref()
		for end < len(changes) && changes[end].Ref() == ref {
			end++
		}
		if grouped[ref] == nil {
			grouped[ref] = changes[start:end:end]
		} else {
			grouped[ref] = append(grouped[ref], changes[start:end]...)
		}
	}
	return grouped
}

// settle gives a planned change its preset's verdict. A held change stays held.
func settle(c *sync.Change, byRef map[procore.PresetRef]*verdict) {
	if c.Status != sync.Planned {
		return
	}
	v := byRef[c.Ref()]
	if v == nil {
		c.Status, c.Error = sync.NotAttempted, "the plan has nothing to send for this preset"
		return
	}
	c.Time, c.Status, c.Error = v.at, v.status, v.why
	if v.status == sync.Applied && v.already[c.GroupUUID] {
		c.Reason.AlreadySo = true
		return
	}
	c.HTTPStatus, c.RequestID = v.httpStatus, v.requestID
}

// exceptionOf returns the exception for what a preset's verdict leaves undone.
func exceptionOf(p *sync.PresetPlan, v verdict) sync.Exception {
	kind := map[sync.Status]sync.Kind{sync.Conflict: sync.ConflictKind, sync.Failed: sync.FailedKind, sync.NotAttempted: sync.NotAttemptedKind}[v.status]
	return sync.Exception{
		Kind: kind, Subject: p.Subject(), Detail: v.why, TemplateName: p.TemplateName, GroupName: v.group,
		Project: p.Ref.Project, Incomplete: true,
	}
}
