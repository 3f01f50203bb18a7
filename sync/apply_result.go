package sync

import (
	"slices"
	"strings"

	"procore-assignee-sync/procore"
)

// result accounts for every change of the plan exactly once.
func (a *applying) result() *Result {
	r := &Result{Changes: slices.Clone(a.plan.Changes), WriteSent: a.sent.Load()}
	byRef := make(map[procore.PresetRef]*verdict, len(a.work))
	for _, i := range a.work {
		v := &a.verdicts[i]
		if v.status == "" {
			*v = verdict{status: NotAttempted, why: a.reason(), at: a.opts.Now()}
		}
		byRef[a.plan.Presets[i].Ref] = v
		if v.wrote {
			r.PresetsWritten++
		}
		if v.status == NotAttempted {
			a.sayStopped(r)
		}
		if v.status != Applied {
			r.Exceptions = append(r.Exceptions, exceptionOf(&a.plan.Presets[i], *v))
		}
	}
	if a.stopped() && r.Stopped == "" && len(r.Exceptions) > 0 {
		a.sayStopped(r)
	}
	for i := range r.Changes {
		settle(&r.Changes[i], byRef)
	}
	SortExceptions(r.Exceptions)
	return r
}

func (a *applying) sayStopped(r *Result) {
	r.Stopped, r.StoppedShort = a.reason(), a.stopReason().short
}

// byPreset sorts changes by the preset that they belong to.
func byPreset(changes []Change) map[procore.PresetRef][]Change {
	sorted := map[procore.PresetRef][]Change{}
	for _, c := range changes {
		sorted[c.Ref()] = append(sorted[c.Ref()], c)
	}
	return sorted
}

// settle gives a planned change its preset's verdict. What is held stays held.
func settle(c *Change, byRef map[procore.PresetRef]*verdict) {
	if c.Status != Planned {
		return
	}
	v := byRef[c.Ref()]
	if v == nil {
		c.Status, c.Error = NotAttempted, "the plan has nothing to send for this preset"
		return
	}
	c.Time, c.Status, c.Error = v.at, v.status, v.why
	if v.status == Applied && v.already[c.GroupUUID] {
		c.Reason = withAlready(c.Reason)
		return
	}
	c.HTTPStatus, c.RequestID = v.httpStatus, v.requestID
}

const alreadySo = "already so when read again; nothing sent"

func withAlready(reason string) string {
	return strings.TrimPrefix(reason+"; "+alreadySo, "; ")
}

// exceptionOf words what a preset's verdict leaves undone.
func exceptionOf(p *PresetPlan, v verdict) Exception {
	kind := map[Status]Kind{Conflict: ConflictKind, Failed: FailedKind, NotAttempted: NotAttemptedKind}[v.status]
	return Exception{
		Kind: kind, Subject: p.subject(), Detail: v.why, TemplateName: p.TemplateName, GroupName: v.group,
		Project: p.Ref.Project, Incomplete: true,
	}
}

// subject names a preset for a person.
func (p *PresetPlan) subject() string {
	name := strings.TrimSpace(p.ProjectNumber + " " + p.ProjectName)
	switch {
	case p.Ref.Project == "":
		return "preset " + string(p.Ref.Preset) + " of the company"
	case name == "":
		name = string(p.Ref.Project)
	}
	return "preset " + string(p.Ref.Preset) + " of project " + name
}
