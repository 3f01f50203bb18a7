package job

import (
	"errors"
	"fmt"
	"strings"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report/guide"
)

// summarise fills in the record's summary from the rest of the record.
func (r *run) summarise(outcome sync.Outcome, code int, cause error) {
	s := sync.Summary{
		Run:        r.rec.Run,
		Outcome:    outcome,
		ExitCode:   code,
		Results:    sync.CountResults(r.rec.Changes),
		Exceptions: sync.CountKinds(r.rec.Exceptions),
		Gates:      []sync.TrippedGate{},
		Durations:  r.phases,
		Estimate:   r.rec.Summary.Estimate,
		LookedAt:   r.lookedAt,
		Presets:    r.presets,
		Forecast:   r.rec.Summary.Forecast,
		Watched:    r.rec.Summary.Watched,
	}
	if r.Procore != nil {
		s.Calls = r.Procore.Calls()
		s.Pacing = r.Procore.Pacing()
	}
	for _, c := range s.Calls {
		s.CallsTotal += c.Requests
	}
	if r.result != nil {
		s.Results.PresetsWritten = r.result.PresetsWritten
		s.Unattempted = unattempted(r.rec.Changes)
	}
	s.Running, s.Responses = sync.CountWaiting(r.rec.Waiting), r.rec.Responses
	if p := r.rec.Plan; p != nil {
		s.Digest, s.Roster, s.RoleMap, s.Planned, s.Limits = p.Digest, p.Roster, p.RoleMap, p.Counts, p.Limits
		s.Gates = append(s.Gates, p.Gates...)
		s.Managed, s.Invisible = p.Managed, p.Invisible
	}
	s.Passed = r.passed(code)
	s.Message = r.message(s, cause)
	r.rec.Summary = s
}

// passed reports whether later runs may use the run as their baseline: it was an unfiltered apply that no gate refused,
// or that was approved, and it ended 0 or 4.
func (r *run) passed(code int) bool {
	info := r.rec.Run
	return info.Command == sync.CommandApply && !info.Filtered && info.RollbackOf == "" && r.result != nil &&
		(code == sync.ExitDone || code == sync.ExitIncomplete)
}

// unattempted returns the presets with changes that were not attempted, in the changes' order.
func unattempted(changes []sync.Change) []procore.PresetRef {
	var refs []procore.PresetRef
	for _, c := range changes {
		if ref := c.Ref(); c.Status == sync.NotAttempted && (len(refs) == 0 || refs[len(refs)-1] != ref) {
			refs = append(refs, ref)
		}
	}
	return refs
}

// message returns the run's final line. It goes to the pod's termination message, so it holds no personal data: only
// figures and the names of gates and kinds. The text of an error stays out of it.
func (r *run) message(s sync.Summary, cause error) string {
	word := string(s.Outcome)
	if s.ExitCode == sync.ExitChanges {
		word = "changes present"
	}
	line := fmt.Sprintf("exit %d, %s: %s", s.ExitCode, word, r.inShort(s, cause))
	if r.notWhole {
		line += "; the record of the run is not whole, the log says why"
	}
	return line
}

func (r *run) inShort(s sync.Summary, cause error) string {
	switch {
	case s.Outcome == sync.Refused:
		return whyRefused(s, r.rec.Run.Approved, cause) + "; nothing was written"
	case errors.Is(cause, errNotConfirmed):
		return "it was not confirmed, and nothing was written"
	case s.Outcome == sync.RunFailed && cause != nil:
		return whyFailed(s.ExitCode, cause) + "; the log says why"
	case s.Outcome == sync.Incomplete && r.result == nil:
		return "it was stopped before anything was written; the log says why"
	}
	line := results(s)
	if r.result != nil && r.result.StoppedShort != "" {
		line += "; stopped: " + r.result.StoppedShort
	}
	if undone := undoneKinds(s.Exceptions); s.ExitCode == sync.ExitIncomplete && undone != "" {
		word := "exceptions"
		if r.wentWell(s) {
			word = "standing exceptions" // lets an alert tell this night from one with failures
		}
		line += "; " + word + ": " + undone
	}
	return line
}

// wentWell reports whether an incomplete run had no trouble of its own: everything undone is waiting for HR, the role
// map or Procore to be put right.
func (r *run) wentWell(s sync.Summary) bool {
	if r.notWhole || r.result == nil || r.result.StoppedShort != "" {
		return false
	}
	for _, k := range s.Exceptions {
		if k.Undone > 0 && !k.Kind.Standing() {
			return false
		}
	}
	return true
}

func whyRefused(s sync.Summary, approved string, cause error) string {
	var age *PlanAgeError
	switch {
	case errors.As(cause, &age) && age.Age < 0:
		return "the saved plan was made later than now"
	case errors.As(cause, &age):
		return "the saved plan is too old"
	case len(s.Gates) == 0:
		return "the plan to be approved is another one"
	case approved != "":
		return "the approved digest is not this plan's"
	default:
		return "refused by " + gateNames(s.Gates)
	}
}

func whyFailed(code int, cause error) string {
	// An error may name the setting it is about. That is not personal data; the error's text may be.
	var named interface{ Setting() string }
	switch {
	case code == sync.ExitConfig && errors.As(cause, &named):
		return "wrong configuration or role map in " + named.Setting() + ", and nothing was written"
	case code == sync.ExitConfig, code == sync.ExitUsage:
		return guide.ExitMeaning(code) + ", and nothing was written"
	case errors.As(cause, &named):
		return "what " + named.Setting() + " names could not be read, and nothing was written"
	default:
		return "it ended before anything was written"
	}
}

func results(s sync.Summary) string {
	var parts []string
	switch s.Command {
	case sync.CommandPlan:
		return fmt.Sprintf("%s to add, %s to remove, in %s", sync.Grouped(s.Planned.Additions), sync.Grouped(s.Planned.Removals), sync.Several(s.Planned.PresetsToWrite, "preset"))
	case sync.CommandHandover:
		if s.Running != nil {
			parts = waitResults(*s.Running)
		}
	case sync.CommandRespond:
		n := map[sync.Status]int{}
		for _, r := range s.Responses {
			n[r.Status]++
		}
		parts = counted(count{n[sync.Applied], "answered"}, count{n[sync.Failed], "failed"}, count{n[sync.Conflict], "conflict"},
			count{n[sync.NotAttempted], "not attempted"})
	default:
		r := s.Results
		parts = append([]string{fmt.Sprintf("%s applied in %s", sync.Grouped(r.Applied-r.AlreadySo), sync.Several(r.PresetsWritten, "preset"))},
			counted(count{r.AlreadySo, "already so"}, count{r.Failed, "failed"}, count{r.Conflict, "conflict"}, count{r.Held, "held"},
				count{r.NotAttempted, "not attempted"})...)
		if s.Running != nil {
			parts = append(parts, waitResults(*s.Running)...)
		}
	}
	if len(parts) == 0 {
		return "nothing waits"
	}
	return strings.Join(parts, ", ")
}

// waitResults says what became of the people for whom running workflows wait.
func waitResults(n sync.WaitCounts) []string {
	return counted(count{n.Invited, "invited"}, count{n.Waiting, "waiting"}, count{n.Failed, "invitations failed"},
		count{n.Conflict, "invitations in conflict"}, count{n.NotAttempted, "invitations not attempted"},
		count{n.NotLooked, "not looked for"}, count{n.Unreadable, "unreadable"})
}

// count is a figure and what it counts.
type count struct {
	n    int
	what string
}

// counted lists the figures that are not zero, in words.
func counted(counts ...count) []string {
	var parts []string
	for _, c := range counts {
		if c.n > 0 {
			parts = append(parts, sync.Grouped(c.n)+" "+c.what)
		}
	}
	return parts
}

func gateNames(gates []sync.TrippedGate) string {
	names := make([]string, len(gates))
	for i, g := range gates {
		names[i] = string(g.Gate)
	}
	return strings.Join(names, ", ")
}

func undoneKinds(kinds []sync.KindCount) string {
	var parts []string
	for _, k := range kinds {
		if k.Undone > 0 {
			parts = append(parts, string(k.Kind)+" "+sync.Grouped(k.Undone))
		}
	}
	return strings.Join(parts, ", ")
}
