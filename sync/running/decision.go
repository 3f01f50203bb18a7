package running

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Decision is the answer to be given on one workflow: an option of its current step, by name or id.
type Decision struct {
	Ref     procore.InstanceRef // until Resolve, the project may be its number
	Option  string
	Comment string
	At      hrsource.Position // zero if it was typed
}

// OptionError is a decision whose option the step does not offer, or offers more than once under that name.
type OptionError struct {
	Decision Decision
	Options  []procore.ResponseOption // those that the step offers
}

func (e *OptionError) Error() string {
	var offered []string
	for _, o := range e.Options {
		offered = append(offered, fmt.Sprintf("%q (%s)", o.Name, o.ID))
	}
	what := fmt.Sprintf("workflow %s has no single option %q on its current step; there are %s: give one of these ids",
		e.Decision.Ref.Instance, e.Decision.Option, strings.Join(offered, ", "))
	if len(offered) == 0 {
		what = fmt.Sprintf("workflow %s offers no option on its current step: look at it in Procore", e.Decision.Ref.Instance)
	}
	return withPosition(e.Decision.At, what)
}

// ExitCode returns sync.ExitUsage.
func (e *OptionError) ExitCode() int { return sync.ExitUsage }

// Prepared is a decision after its workflow has been read: what to send, or why nothing is sent.
type Prepared struct {
	Decision
	Item     procore.ItemID
	Tool     procore.ToolRef
	Step     procore.StepOccurrenceID
	StepName string
	Chosen   procore.ResponseOption // with a conflict: what was asked for, by the name or id given
	Conflict string                 // why it can't be answered: the workflow has ended, the step is not this person's, or it was answered otherwise
	Done     bool                   // the same answer has been given already
}

// Response returns the decision as a run records it, before it is sent.
func (p Prepared) Response() sync.Response {
	return sync.Response{
		Instance: p.Ref.Instance, Project: p.Ref.Project, Step: p.Step, StepName: p.StepName, Option: p.Chosen,
		Comment: p.Comment, Source: p.source(), Status: sync.Planned,
	}
}

func (d Decision) source() sync.Positions {
	if d.At == (hrsource.Position{}) {
		return nil
	}
	return sync.PositionsOf([]hrsource.Position{d.At})
}

// Prepare reads the workflows of all decisions and finds their options. An error means that nothing may be sent: a
// workflow can't be read, or there are *OptionErrors, which are joined.
func Prepare(ctx context.Context, r interface {
	Instance(context.Context, procore.InstanceRef) (procore.Instance, error)
}, person procore.LoginID, decisions []Decision,
) ([]Prepared, []error) {
	var prepared []Prepared
	var problems []error
	for _, d := range decisions {
		instance, err := r.Instance(ctx, d.Ref)
		if err != nil {
			problems = append(problems, fmt.Errorf("read workflow %s: %w", d.Ref.Instance, err))
			continue
		}
		p, err := prepare(d, instance, person)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		prepared = append(prepared, p)
	}
	return prepared, problems
}

func prepare(d Decision, instance procore.Instance, person procore.LoginID) (Prepared, error) {
	p := Prepared{Decision: d, Item: instance.Item, Tool: instance.Tool, Chosen: procore.ResponseOption{Name: d.Option}}
	if instance.Ended || instance.Step == nil {
		p.Conflict = "the workflow has ended, or no step of it is current"
		return p, nil
	}
	p.Step, p.StepName = instance.Step.ID, instance.Step.Name
	response, there := instance.Step.Response(person)
	if !there {
		p.Conflict = "the current step does not wait for this user"
		return p, nil
	}
	option, found := optionNamed(d.Option, instance.Step.Options)
	if response.Submitted {
		// The options of an answered step may be gone, but the selected one is known.
		if selected := response.Selected; !found && selected != nil && isOption(d.Option, *selected) {
			option, found = *selected, true
		}
		if found {
			p.Chosen = option
		}
		if p.Done = found && sameAnswer(response, option, d.Comment); !p.Done {
			p.Conflict = answeredOtherwise(response)
		}
		return p, nil
	}
	if !found {
		return p, &OptionError{Decision: d, Options: instance.Step.Options}
	}
	p.Chosen = option
	return p, nil
}

// optionNamed finds the one option with that id, else with that name.
func optionNamed(text string, options []procore.ResponseOption) (procore.ResponseOption, bool) {
	var named []procore.ResponseOption
	for _, o := range options {
		if string(o.ID) == strings.TrimSpace(text) {
			return o, true
		}
		if isOption(text, o) {
			named = append(named, o)
		}
	}
	if len(named) != 1 {
		return procore.ResponseOption{}, false
	}
	return named[0], true
}

func isOption(text string, o procore.ResponseOption) bool {
	folded := sync.FoldName(text)
	return string(o.ID) == strings.TrimSpace(text) || folded != "" && folded == sync.FoldName(o.Name)
}

// answeredOtherwise describes the answer that the user has already given.
func answeredOtherwise(r procore.ResponseOccurrence) string {
	text := "this user has answered the step otherwise"
	if r.Selected != nil && r.Selected.Name != "" {
		text += fmt.Sprintf(": %q", r.Selected.Name)
	}
	if comment := strings.TrimSpace(r.Comment); comment != "" {
		text += fmt.Sprintf(" with comment %q", comment)
	}
	return text
}

func sameAnswer(r procore.ResponseOccurrence, option procore.ResponseOption, comment string) bool {
	return r.Selected != nil && r.Selected.ID == option.ID && strings.TrimSpace(r.Comment) == strings.TrimSpace(comment)
}

// TwiceError is a decision about a workflow that an earlier decision names too.
type TwiceError struct{ Decision Decision }

func (e *TwiceError) Error() string {
	return withPosition(e.Decision.At, fmt.Sprintf("workflow %s is answered twice: keep one line", e.Decision.Ref.Instance))
}

// ExitCode returns sync.ExitUsage.
func (e *TwiceError) ExitCode() int { return sync.ExitUsage }

// Twice returns the decisions about workflows that an earlier decision names too.
func Twice(decisions []Decision) []Decision {
	var twice []Decision
	for i, d := range decisions {
		if slices.ContainsFunc(decisions[:i], func(o Decision) bool { return o.Ref == d.Ref }) {
			twice = append(twice, d)
		}
	}
	return twice
}
