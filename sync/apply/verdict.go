package apply

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// end settles the preset: it writes the outcome to the journal, and stops the run if what went wrong does not concern
// this preset alone.
func (p *presetWrite) end(v verdict) verdict {
	v.at = p.opts.Now()
	if v.unintended {
		p.stopper.stop(stopReason{short: fmt.Sprintf("the write to preset %s changed something that it was not meant to",
			p.plan.Ref.Preset)})
	}
	if v.status == sync.NotAttempted && p.attempts == 0 {
		return v
	}
	err := p.journal.Outcome(WriteOutcome{
		Time: v.at, Ref: p.plan.Ref, Status: v.status, HTTPStatus: v.httpStatus, RequestID: v.requestID, Error: v.why,
		Group: v.group, Wrote: v.wrote, Unintended: v.unintended, Unknown: v.unknown, Left: v.left,
	})
	if err != nil {
		p.stopper.stop(journalReason(err))
	}
	return v
}

func (p *presetWrite) conflict(d decision) verdict {
	v := verdict{status: sync.Conflict}
	if len(d.groups) == 1 {
		v.group = d.groups[0]
	}
	what := "nothing was sent"
	if p.out {
		what = "nothing shows of an earlier attempt, and no other was made"
	}
	v.why = fmt.Sprintf("%s; %s: somebody or something else edited it, look at it in Procore; the next run plans from what is there",
		strings.Join(d.moved, "; "), what)
	return p.end(v)
}

// failed is the verdict on a preset that was sent without effect.
func (p *presetWrite) failed(err error, why string) verdict {
	v := verdict{status: sync.Failed, why: why, answer: answerText(err)}
	v.httpStatus, v.requestID = procore.AnswerOf(err)
	return p.end(v)
}

// stoppedBefore is the verdict on a preset that a stop kept from being sent, or sent again.
func (p *presetWrite) stoppedBefore() verdict {
	if !p.out {
		return p.end(verdict{status: sync.NotAttempted, why: p.stopper.reason()})
	}
	return p.failed(p.lastErr, fmt.Sprintf("not applied: %v; it was not sent again: %s", p.lastErr, p.stopper.reason()))
}

// unreadable is the verdict on a preset that could not be read before it was sent, or sent again.
func (p *presetWrite) unreadable(err error) verdict {
	p.stopIfUseless(err)
	switch {
	case p.maybe != nil:
		v := verdict{status: sync.Failed, unknown: true, answer: answerText(p.lastErr)}
		v.httpStatus, v.requestID = procore.AnswerOf(p.lastErr)
		v.why = fmt.Sprintf("it was sent, but the answer was lost (%v), and it could not be read again (%v): "+
			"look in Procore whether it has changed", p.lastErr, err)
		p.stopIfFirst()
		return p.end(v)
	case p.out:
		return p.failed(p.lastErr, fmt.Sprintf("not applied: %v; it could not be read again: %v", p.lastErr, err))
	case p.stopper.stopped():
		return p.stoppedBefore()
	default: // the answer was not a write's, so the record has neither its status nor its request id
		return p.end(verdict{
			status: sync.Failed, answer: answerText(err),
			why: fmt.Sprintf("it could not be read again before the write, so nothing was sent: %v", err),
		})
	}
}

// misapplied is the verdict on a write that did something other than what was meant.
func (p *presetWrite) misapplied(found finding, fresh procore.Preset, why string) verdict {
	v := verdict{status: sync.Failed, why: why + found.String(), wrote: true, unintended: true, left: fresh.Memberships}
	v.httpStatus, v.requestID = procore.AnswerOf(p.lastErr)
	return p.end(v)
}

// disagreed is the verdict on a write that was acknowledged but whose answer is not what was sent. A write done in part
// is no better than a wrong one, since a preset is replaced as a whole.
func (p *presetWrite) disagreed(v verdict, a attempt, answered, found finding, after procore.Preset) verdict {
	half := len(found.differs) > 0 && !found.unintended && !notWritten(a, after)
	v.status = sync.Failed
	v.wrote = len(found.differs) == 0 || found.unintended || half
	v.unintended = answered.unintended || found.unintended || half
	switch {
	case half:
		v.why = "Procore acknowledged the write and applied a part of it only: " + found.String()
	case len(found.differs) == 0:
		v.why = "Procore's answer differs from what was sent, though the preset holds it when read again: " + answered.String()
	case !v.unintended:
		v.why = "Procore acknowledged the write and did not apply it: " + found.String()
		v.answer = "acknowledged and not applied"
	default:
		v.why = "after the write the preset is not as it was sent: " + found.String()
	}
	if v.unintended {
		v.left = after.Memberships
	}
	p.stopIfFirst()
	return p.end(v)
}

// unchecked is the verdict on a write that was acknowledged but could not be checked.
func (p *presetWrite) unchecked(v verdict, answered finding, err error) verdict {
	v.status, v.unknown, v.unintended = sync.Failed, true, answered.unintended
	v.why = "Procore acknowledged the write, but the preset could not be read again to check it: " + err.Error()
	if len(answered.differs) > 0 {
		v.why += "; the answer differs from what was sent: " + answered.String()
	}
	p.stopIfUseless(err)
	p.stopIfFirst()
	return p.end(v)
}

// stopIfFirst stops the run if the write that failed its check was the first one.
func (p *presetWrite) stopIfFirst() {
	if p.first {
		p.stopper.stop(stopReason{short: fmt.Sprintf("the first write, to preset %s, did not pass its check", p.plan.Ref.Preset)})
	}
}

// refusal words a refusal. For a 422 it names those in the preset who are not assignable there.
func (p *presetWrite) refusal(err error) string {
	if notSent(err) {
		return "nothing was sent: " + err.Error()
	}
	why := "Procore refused the write: " + err.Error()
	var api *procore.APIError
	if !errors.As(err, &api) || api.Status != http.StatusUnprocessableEntity {
		return why
	}
	possible, err := p.possible()
	if err != nil {
		return why + "; who may be assigned there could not be read: " + err.Error()
	}
	impossible := map[procore.LoginID]bool{}
	for _, g := range p.last {
		for _, id := range g.LoginIDs {
			if !possible[id] {
				impossible[id] = true
			}
		}
	}
	if len(impossible) == 0 {
		return why
	}
	return why + "; in this preset, but not assignable there: " + p.labels.list(impossible)
}

// possible reads who may be assigned in the preset's project and tool.
func (p *presetWrite) possible() (map[procore.LoginID]bool, error) {
	set := map[procore.LoginID]bool{}
	scope := procore.AssigneeScope{Project: p.plan.Ref.Project, Tool: p.plan.Tool}
	for who, err := range p.w.PossibleAssignees(p.stopper.flight, scope) {
		if err != nil {
			return nil, err
		}
		set[who.ID] = true
	}
	return set, nil
}

// notSent reports whether a write certainly never left this machine: there was no connection, no token, or it was still
// waiting for the rate limit when the run ended.
func notSent(err error) bool {
	var api *procore.APIError
	return !procore.MaybeApplied(err) && !(errors.As(err, &api) && api.Method == http.MethodPatch)
}
