package simulation_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

// answer is the body of a response.
type answer struct {
	Response struct {
		Step   procore.StepOccurrenceID `json:"current_step_occurrence_id"`
		Option procore.ResponseOptionID `json:"selected_response_option_id"`
	} `json:"response"`
}

// decides makes up what an integration answers: workflows that wait for it, and a few that do not.
func (s *simulation) decides() []running.Decision {
	decisions := []running.Decision{}
	for _, in := range s.server.Instances() {
		_, there := in.Place(s.company.Me)
		if in.Step == nil || len(decisions) == 3 || !there && s.later.IntN(10) > 0 {
			continue
		}
		o := in.Step.Options[s.later.IntN(len(in.Step.Options))]
		d := running.Decision{Ref: in.InstanceRef, Option: string(o.ID), Comment: []string{"", "as agreed"}[s.later.IntN(2)]}
		switch s.later.IntN(12) {
		case 0:
			d.Option = "whatever"
		case 1, 2, 3, 4, 5:
			d.Option = strings.ToUpper(o.Name)
		}
		decisions = append(decisions, d)
	}
	return decisions
}

// checkAnswer holds an answer that is about to go out against the rules of answers: a person decided so, the step is that of the reading,
// and waits for the credentials' own user.
func (w *wire) checkAnswer(r *http.Request, body []byte) {
	ref, _ := instanceIn(r.URL.Path)
	if w.resentInvite == string(body) {
		w.resentInvite = ""
		return
	}
	at := slices.IndexFunc(w.n.decisions, func(d running.Decision) bool { return d.Ref == ref })
	now, read := w.workflows[ref]
	delete(w.workflows, ref)
	var sent answer
	switch {
	case at < 0:
		w.breach("workflow %s is answered, and nobody decided so", ref.Instance)
		return
	case !read:
		w.breach("workflow %s is answered without having been read since the last answer", ref.Instance)
		return
	case json.Unmarshal(body, &sent) != nil || now.Step == nil || now.Step.ID != sent.Response.Step || !waitsFor(now, w.s.company.Me):
		w.breach("workflow %s is answered with %s, and it was read as %+v", ref.Instance, body, now.Step)
		return
	}
	decided := w.n.decisions[at].Option
	if !slices.ContainsFunc(now.Step.Options, func(o procore.ResponseOption) bool {
		return o.ID == sent.Response.Option && (string(o.ID) == decided || strings.EqualFold(o.Name, decided))
	}) {
		w.breach("workflow %s is answered with option %s, and decided was %q", ref.Instance, sent.Response.Option, decided)
	}
	if announced := w.s.linesOf(w.n.runID, "intent", "response"); announced < w.count[postAnswer]-w.resentAnswers {
		w.breach("workflow %s is answered, the %dth answer, and the journal announces %d", ref.Instance, w.count[postAnswer], announced)
	}
	w.s.tally.add("answers")
}

// checkResponses: what is said of answers is so.
func (s *simulation) checkResponses(n *night, responses []sync.Response, code int) []string {
	var breaches []string
	for _, r := range responses {
		s.tally.add("answers " + string(r.Status))
		ref := procore.InstanceRef{Project: r.Project, Instance: r.Instance}
		writes := slices.DeleteFunc(s.invitesOf(n), func(w sandbox.InstanceWrite) bool { return w.Ref != ref })
		stands := slices.ContainsFunc(s.statesOf(n, ref), func(in sandbox.Instance) bool {
			place, there := in.Place(s.company.Me)
			return there && !place.Open() && place.Option == r.Option.ID
		})
		why := ""
		switch r.Status {
		case sync.Applied:
			if len(writes) == 0 && !stands && !s.liedAbout(n, ref) {
				why = "and nothing shows it"
			}
		case sync.NotAttempted, sync.Conflict:
			if len(writes) > 0 && writes[0].Fault == "" && len(s.stirsOf(n, ref)) == 0 {
				why = "and it was answered"
			}
		case sync.Failed:
			if len(writes) > 0 && !n.killed && s.wentWell(n, writes[len(writes)-1]) {
				why = "and it was answered, and nothing went wrong: " + r.Error
			}
		}
		if code == sync.ExitDone && r.Status != sync.Applied {
			why = "and the run ended 0"
		}
		if why != "" {
			breaches = append(breaches, fmt.Sprintf("the answer to workflow %s is called %s, %s", r.Instance, r.Status, why))
		}
	}
	return breaches
}
