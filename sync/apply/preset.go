package apply

import (
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// verdict is what became of one preset.
type verdict struct {
	status  sync.Status
	why     string // for people; empty if everything went as planned
	group   string // the group that had moved, if it was a single one
	at      time.Time
	already map[procore.GroupUUID]bool // groups that held what was planned before anything was sent

	httpStatus int
	requestID  string
	answer     string // for a failure: what Procore answered, without the parts that differ from preset to preset

	wrote      bool                 // a write took effect
	checked    bool                 // and that was checked by reading the whole preset again
	unintended bool                 // the preset changed in a way that was not meant
	unknown    bool                 // it could not be found out whether a write took effect
	left       []procore.Membership // what the preset holds, if that was not what was meant
}

// presetWrite writes one preset.
type presetWrite struct {
	*applying
	plan   *sync.PresetPlan
	labels labels
	first  bool // no write of the run has been checked yet, so this one will be

	attempts int      // attempts written to the journal
	out      bool     // one of them may have reached Procore
	maybe    *attempt // the last attempt, while it may have taken effect
	last     []procore.GroupWrite
	lastErr  error
	already  map[procore.GroupUUID]bool
}

// attempt is one list that was sent, and the preset as it was before.
type attempt struct {
	before procore.Preset
	sent   []procore.GroupWrite
}

// run reads, decides and sends until the preset is as planned or can't be brought there.
func (p *presetWrite) run() verdict {
	for {
		fresh, err := p.read()
		if err != nil {
			return p.unreadable(err)
		}
		p.labels.learnAll(fresh.Memberships)
		if p.maybe != nil {
			if v, settled := p.lookBack(fresh); settled {
				return v
			}
		}
		d := decide(p.labels, p.plan, fresh)
		if p.attempts == 0 {
			p.already = d.already
		}
		switch {
		case len(d.moved) > 0:
			return p.conflict(d)
		case len(d.write) == 0:
			return p.end(verdict{status: sync.Applied, already: d.already})
		case p.attempts >= p.opts.MaxAttempts:
			return p.failed(p.lastErr, fmt.Sprintf("not applied in %d attempts: %v", p.attempts, p.lastErr))
		case p.stopper.stopped():
			return p.stoppedBefore()
		}
		if v, settled := p.send(fresh, d.write); settled {
			return v
		}
	}
}

// read reads the preset. A stop ends the reading only if nothing has been sent yet; afterwards it still has to be found
// out what happened.
func (p *presetWrite) read() (procore.Preset, error) {
	ctx := p.stopper.open
	if p.out {
		ctx = p.stopper.flight
	}
	return p.w.Preset(ctx, p.plan.Ref)
}

// send writes the intent to the journal and sends the list once. settled is false if another attempt may help.
func (p *presetWrite) send(fresh procore.Preset, write []sync.GroupPlan) (v verdict, settled bool) {
	list := sync.Payload(fresh.Memberships, write)
	p.last = list
	err := p.journal.Intent(Intent{
		Time: p.opts.Now(), Ref: p.plan.Ref, VersionID: p.plan.VersionID, Attempt: p.attempts + 1,
		Before: fresh.Memberships, Changed: groupIDs(write), Send: list,
	})
	if err != nil {
		p.stopper.stop(journalReason(err))
		return p.stoppedBefore(), true
	}
	p.attempts++
	answer, err := p.w.UpdateAssignees(p.stopper.flight, p.plan.Ref, list)
	if err == nil || !notSent(err) {
		p.out = true
		p.sent.Store(true)
	}
	if err == nil {
		return p.check(attempt{fresh, list}, answer), true
	}
	p.lastErr = err
	if procore.MaybeApplied(err) {
		p.maybe = &attempt{fresh, list}
	}
	return p.afterError(err)
}

// afterError decides whether another attempt is worthwhile after a write that ended in err, and waits for it.
func (p *presetWrite) afterError(err error) (v verdict, settled bool) {
	p.stopIfUseless(err)
	switch {
	case notSent(err) && p.stopper.stopped():
		return p.stoppedBefore(), true
	case procore.Retryable(err) || procore.MaybeApplied(err):
		p.opts.Log.Warn("a write did not get through", slog.String("preset", string(p.plan.Ref.Preset)),
			slog.Int("attempt", p.attempts), slog.Any("error", err))
		if p.attempts < p.opts.MaxAttempts {
			p.pause(err)
		}
		return verdict{}, false
	}
	return p.failed(err, p.refusal(err)), true
}

// pause waits before the next attempt. If the wait would be too long, the preset is not sent again.
func (p *presetWrite) pause(cause error) {
	err := p.w.Pause(p.stopper.open, p.attempts+1, cause)
	if err == nil || p.stopper.stopped() || p.stopIfUseless(err) {
		return
	}
	p.stopper.stop(stopReason{"another attempt can't be waited for", err.Error()})
}

// lookBack finds out, from a fresh reading, what an attempt did whose answer was lost.
func (p *presetWrite) lookBack(fresh procore.Preset) (v verdict, settled bool) {
	last := *p.maybe
	sent := peopleSent(last.sent)
	found := compareGroups(p.labels, peopleRead(last.before.Memberships), sent, peopleRead(fresh.Memberships))
	if p.first {
		found = compareWhole(p.labels, last.before, sent, fresh)
	}
	if len(found.differs) == 0 {
		return p.end(verdict{status: sync.Applied, already: p.already, wrote: true, checked: true}), true
	}
	p.maybe = nil
	if notWritten(last, fresh) || movedByOthers(last, fresh) {
		return verdict{}, false
	}
	return p.misapplied(found, fresh, "the answer to the write was lost, and the preset is not as it was sent: "), true
}

// notWritten reports whether every group that the attempt was to change holds what it held before. Whatever else has
// changed in the meantime was changed by somebody else.
func notWritten(a attempt, fresh procore.Preset) bool {
	before, sent, now := peopleRead(a.before.Memberships), peopleSent(a.sent), peopleRead(fresh.Memberships)
	for _, group := range differing(before, sent) {
		if len(differing(peopleByGroup{group: before[group]}, peopleByGroup{group: now[group]})) > 0 {
			return false
		}
	}
	return true
}

// movedByOthers reports whether nothing of the attempt took effect, and only groups that it was to change differ from
// before: somebody else edited them in the meantime, which is a conflict. If the write had taken effect, at least one
// of them would show it; if it had done harm, other groups would show that too.
func movedByOthers(a attempt, fresh procore.Preset) bool {
	before, sent, now := peopleRead(a.before.Memberships), peopleSent(a.sent), peopleRead(fresh.Memberships)
	changed := differing(before, sent)
	for _, group := range changed {
		if maps.Equal(sent[group], now[group]) {
			return false
		}
	}
	for _, group := range differing(before, now) {
		if !slices.Contains(changed, group) {
			return false
		}
	}
	return a.before.Manager == fresh.Manager && maps.Equal(stepLogins(a.before), stepLogins(fresh))
}

// check compares the answer with what was sent, and reads the preset again if the answer alone does not settle it.
func (p *presetWrite) check(a attempt, answer procore.AssigneesResult) verdict {
	v := verdict{status: sync.Applied, already: p.already, httpStatus: answer.HTTPStatus, requestID: answer.RequestID, wrote: true}
	before, sent := peopleRead(a.before.Memberships), peopleSent(a.sent)
	var answered finding
	if answer.Memberships != nil {
		answered = compareGroups(p.labels, before, sent, peopleSent(answer.Memberships))
		if len(answered.differs) == 0 && !p.first {
			return p.end(v)
		}
	}
	after, err := p.w.Preset(p.stopper.flight, p.plan.Ref)
	if err != nil {
		return p.unchecked(v, answered, err)
	}
	p.labels.learnAll(after.Memberships)
	found := compareGroups(p.labels, before, sent, peopleRead(after.Memberships))
	if p.first {
		found = compareWhole(p.labels, a.before, sent, after)
	}
	if len(answered.differs) == 0 && len(found.differs) == 0 {
		v.checked = true
		return p.end(v)
	}
	return p.disagreed(v, a, answered, found, after)
}
